import { SERVER_NAMES } from './servers.ts';

/*
 * A cluster is a MongoDB deployment that stores can live on. The primary is one; the others have names that are known
 * only at run time, so they are not in `servers.ts`.
 */

/** The pattern of a cluster's name. */
export const CLUSTER_NAME = /^[a-z][a-z0-9-]{0,20}$/;

/** The cluster of the primary connection. It always exists. */
export const PRIMARY_CLUSTER = 'primary';

/** The connection strings of the clusters other than the primary, by name. */
export type ClusterStrings = ReadonlyMap<string, string>;

/** Returns what is wrong with the name of a cluster other than the primary, or undefined if nothing is. */
export function faultOfClusterName(name: string): string | undefined {
  if (!CLUSTER_NAME.test(name))
    return 'must be 1 to 21 lowercase letters, digits and hyphens, and start with a letter';
  return SERVER_NAMES.some((server) => server === name)
    ? 'must not be the name of a server'
    : undefined;
}

/** Returns whether a text can be the connection string of a cluster. */
export const isConnectionString = (text: unknown): text is string =>
  typeof text === 'string' && /^mongodb(?:\+srv)?:\/\/[^/]/.test(text);

/**
 * Parses the connection strings of clusters: JSON such as `{"eu-1":"mongodb://…"}`.
 *
 * @returns the strings, or what is wrong with the text, which shows no connection string
 */
export function parseClusterStrings(json: string): ClusterStrings | string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return 'must be JSON, such as {"eu-1":"mongodb://…"}';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'must be a JSON object of connection strings, such as {"eu-1":"mongodb://…"}';
  const strings = new Map<string, string>();
  for (const [name, text] of Object.entries(value)) {
    const fault = faultOfClusterName(name);
    // A name that is malformed may be a connection string in the wrong place.
    if (fault) return `has a cluster with an invalid name: it ${fault}`;
    if (!isConnectionString(text))
      return `has no connection string for ${name}: it must begin with mongodb:// or mongodb+srv://`;
    strings.set(name, text);
  }
  return strings;
}
