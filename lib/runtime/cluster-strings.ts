import { type Moment, msSince, thisMoment } from '@manystore/connections';
import { faultOfClusterName, isConnectionString, PRIMARY_CLUSTER } from './cluster-names.ts';
import {
  listParameters,
  type ParameterSource,
  ParameterUnavailable,
  readParameter,
} from './parameter-store.ts';
import { SecretsUnavailable } from './secrets.ts';
import { settings } from './settings.ts';

/*
 * The connection strings of the clusters. Locally they come from the environment. In AWS, each cluster has a parameter of
 * its own in Parameter Store, `<SECRETS_PARAMETER>/clusters/<name>`, which is read when the cluster is first needed, so
 * a new cluster needs no deployment.
 */

/** A cluster has no connection string, or its server rejects it. The message contains the cluster's name and no secret. */
export class ClusterUnavailable extends Error {
  override readonly name = 'ClusterUnavailable';
  readonly cluster: string;

  constructor(cluster: string, reason: string, cause?: unknown) {
    super(`The cluster ${cluster} ${reason}`, cause === undefined ? undefined : { cause });
    this.cluster = cluster;
  }
}

/** The minimum time between two reads of the same parameter. */
const REREAD_MS = 30_000;

/** What this container knows of a cluster's parameter. */
interface KnownString {
  /** Undefined if there is none. */
  value: string | undefined;
  /** When Parameter Store last answered. */
  readAt: Moment | undefined;
  /** Whether the value is returned without reading it again. */
  isTrusted: boolean;
  reading: Promise<void> | undefined;
}

const known = new Map<string, KnownString>();

/**
 * Returns the connection string of a cluster other than the primary. In AWS, the first call of a container reads it.
 * If there was none, or a server rejected it ({@link distrustClusterString}), it is read again, at most every 30 s.
 *
 * @throws {ClusterUnavailable} when there is none
 * @throws {SecretsUnavailable} when Parameter Store does not respond; the next call tries again
 */
export async function clusterString(name: string): Promise<string> {
  const { strings } = settings().clusters;
  const value = 'parameter' in strings ? await readOnce(strings, name) : strings.get(name);
  if (value === undefined) throw new ClusterUnavailable(name, 'has no valid connection string');
  return value;
}

async function readOnce(source: ParameterSource, name: string): Promise<string | undefined> {
  let entry = known.get(name);
  if (!entry) {
    entry = { value: undefined, readAt: undefined, isTrusted: false, reading: undefined };
    known.set(name, entry);
  }
  if (entry.isTrusted || (entry.readAt && msSince(entry.readAt) < REREAD_MS)) return entry.value;
  entry.reading ??= readInto(entry, childOf(source, `/${name}`));
  await entry.reading;
  return entry.value;
}

async function readInto(entry: KnownString, source: ParameterSource): Promise<void> {
  try {
    entry.value = await readString(source);
    entry.isTrusted = entry.value !== undefined;
    entry.readAt = thisMoment();
  } catch (error) {
    // A string that was rejected may work again, and is better than none.
    if (entry.value === undefined) throw error;
  } finally {
    entry.reading = undefined;
  }
}

async function readString(source: ParameterSource): Promise<string | undefined> {
  try {
    const text = (await readParameter(source)).trim();
    return isConnectionString(text) ? text : undefined;
  } catch (error) {
    if (error instanceof ParameterUnavailable && error.isMissing) return undefined;
    throw secretsUnavailable(error);
  }
}

/** Makes the next call of {@link clusterString} read again, because the server has rejected the user of the string. */
export function distrustClusterString(name: string): void {
  const entry = known.get(name);
  if (entry) entry.isTrusted = false;
}

/** The names of the clusters with a parameter, and when they were listed. */
let listed: { names: string[]; at: Moment } | undefined;

/**
 * Returns the names of all clusters: the primary, and those that have a connection string. In AWS, the list is at most
 * 30 s old.
 *
 * @throws {SecretsUnavailable} when Parameter Store does not respond
 */
export async function clusterNames(): Promise<string[]> {
  const { strings } = settings().clusters;
  if (!('parameter' in strings)) return [PRIMARY_CLUSTER, ...strings.keys()];
  if (!listed || msSince(listed.at) >= REREAD_MS) {
    const at = thisMoment();
    const names = await listParameters(childOf(strings)).catch((error) => {
      throw secretsUnavailable(error);
    });
    listed = { names: names.filter((name) => !faultOfClusterName(name)), at };
  }
  return [PRIMARY_CLUSTER, ...listed.names];
}

/** Returns the parameter of a cluster, or the prefix of all of them. */
const childOf = (source: ParameterSource, rest = ''): ParameterSource => ({
  ...source,
  parameter: `${source.parameter}/clusters${rest}`,
});

const secretsUnavailable = (error: unknown) => new SecretsUnavailable((error as Error).message);
