import { type Moment, msSince, thisMoment } from '@manystore/connections';
import { faultOfClusterName, isConnectionString, PRIMARY_CLUSTER } from './cluster-names.ts';
import {
  listParameters,
  type ParameterSource,
  ParameterUnavailable,
  readParameter,
} from './parameter-store.ts';
import { REREAD_MS, type Reread, reread } from './reread.ts';
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

/** What this container knows of the parameters of the clusters. */
const known = new Map<string, Reread<string | undefined>>();

/**
 * Returns the connection string of a cluster other than the primary. In AWS, the first call of a container reads it.
 * If there was none, or a server rejected it ({@link distrustClusterString}), it is read again, at most every 30 s.
 *
 * @throws {ClusterUnavailable} when there is none
 * @throws {SecretsUnavailable} when Parameter Store does not respond; the next call tries again
 */
export async function clusterString(name: string): Promise<string> {
  const { strings } = settings().clusters;
  const value = 'parameter' in strings ? await knownString(strings, name).get() : strings.get(name);
  if (value === undefined) throw new ClusterUnavailable(name, 'has no valid connection string');
  return value;
}

function knownString(source: ParameterSource, name: string): Reread<string | undefined> {
  let string = known.get(name);
  if (!string) {
    string = reread(() => readString(childOf(source, `/${name}`)));
    known.set(name, string);
  }
  return string;
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

/** Returns the connection string that {@link clusterString} returned last, or undefined. */
export function lastClusterString(name: string): string | undefined {
  const { strings } = settings().clusters;
  return 'parameter' in strings ? known.get(name)?.value : strings.get(name);
}

/** Makes the next call of {@link clusterString} read again, because the server has rejected the user of the string. */
export const distrustClusterString = (name: string): void => known.get(name)?.distrust();

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
