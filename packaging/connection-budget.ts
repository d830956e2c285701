import { DEFAULT_SOCKETS, forEachServer, SERVER_NAMES, type Server } from '#lib/runtime/servers.ts';
import { INTEGERS } from '#lib/runtime/settings.ts';
import type { DeploymentValues, SettingName } from './deployment-settings.ts';
import { type DeployedFunction, reservedConcurrency } from './function-groups.ts';
import { connectionsOf } from './setting-forms.ts';

/** The sockets with which the driver of one process monitors a node, at most. */
const MONITORS = 2;

/** A deployment replaces the containers, and the old ones keep their sockets until Lambda ends them. */
const GENERATIONS = 2;

/** The connections of a node that Atlas keeps for itself. */
const KEPT_BY_ATLAS = 10;

/** What the worst case depends on, besides the functions. */
export interface Concurrency {
  /** The reserved concurrency of each function; undefined: each may use the whole quota. */
  reserved: ReadonlyMap<string, number> | undefined;
  /** The account's quota of concurrent executions. */
  quota: number;
  /** The processes of a container, each with pools of its own: 1, except for managed instances with several workers. */
  processes?: number;
  /** Pool sizes that replace those of the functions: `PRIMARY_POOL_SIZE` and `SECONDARY_POOL_SIZE`. */
  poolSizes?: Partial<Record<Server, number>>;
}

/**
 * Returns the maximum number of connections to a node of each server: every function has as many containers as it can
 * have executions, each container has its whole pool open, and a deployment has just replaced all of them.
 */
export function worstCase(
  functions: readonly DeployedFunction[],
  { poolSizes = {}, ...concurrency }: Concurrency,
): Record<Server, number> {
  return forEachServer((server) =>
    atOneNode(
      functions.filter(({ servers }) => servers.includes(server)),
      ({ sockets }) => poolSizes[server] ?? sockets[server] ?? DEFAULT_SOCKETS,
      concurrency,
    ),
  );
}

/**
 * Returns the same for a node of a cluster besides the primary: the stores of every container may all be on it. A function
 * that connects to the primary may use a store.
 *
 * @param poolSize the sockets of a container to one cluster: `CLUSTER_POOL_SIZE`
 */
export const worstCaseOfCluster = (
  functions: readonly DeployedFunction[],
  poolSize: number,
  concurrency: Concurrency,
): number =>
  atOneNode(
    functions.filter(({ servers }) => servers.includes('primary')),
    () => poolSize,
    concurrency,
  );

function atOneNode(
  functions: readonly DeployedFunction[],
  poolOf: (deployed: DeployedFunction) => number,
  { reserved, quota, processes = 1 }: Concurrency,
): number {
  const connections = functions.map((deployed) => ({
    perContainer: processes * (poolOf(deployed) + MONITORS),
    containers: reserved?.get(deployed.name) ?? quota,
  }));
  const steady = reserved
    ? connections.reduce((sum, one) => sum + one.containers * one.perContainer, 0)
    : quota * Math.max(0, ...connections.map(({ perContainer }) => perContainer));
  return GENERATIONS * steady;
}

const TIERS = { primary: 'PRIMARY_TIER', secondary: 'SECONDARY_TIER' } as const satisfies Record<
  Server,
  SettingName
>;

/**
 * Returns a line for each server whose tier accepts fewer connections than the deployment can open, and one for the
 * clusters; none for a server whose tier is not set.
 *
 * @throws {RangeError} if `RESERVED_TOTAL` is too small for all functions
 */
export function budgetFaults(
  functions: readonly DeployedFunction[],
  values: DeploymentValues,
  env: NodeJS.ProcessEnv,
): string[] {
  const concurrency = {
    reserved: reservedConcurrency(values.RESERVED_TOTAL),
    quota: Number(values.CONCURRENCY_QUOTA),
    poolSizes: poolSizesIn(env),
  };
  const worst = worstCase(functions, concurrency);
  const poolSize = Number(env.CLUSTER_POOL_SIZE || INTEGERS.CLUSTER_POOL_SIZE.fallback);
  return [
    ...SERVER_NAMES.flatMap((server) =>
      faultOf(`the ${server}`, worst[server], TIERS[server], values),
    ),
    ...faultOf(
      'a cluster',
      worstCaseOfCluster(functions, poolSize, concurrency),
      'CLUSTER_TIER',
      values,
    ),
  ];
}

function faultOf(
  where: string,
  connections: number,
  tier: SettingName,
  values: DeploymentValues,
): string[] {
  const limit = connectionsOf(values[tier]);
  if (limit === undefined || connections <= limit - KEPT_BY_ATLAS) return [];
  return [
    `The functions can open ${connections} connections to a node of ${where}, and ${tier} accepts ${limit - KEPT_BY_ATLAS}. Lower RESERVED_TOTAL, or choose a larger tier`,
  ];
}

function poolSizesIn(env: NodeJS.ProcessEnv): Partial<Record<Server, number>> {
  const sizes: Partial<Record<Server, number>> = {};
  for (const server of SERVER_NAMES) {
    const size = env[`${server.toUpperCase()}_POOL_SIZE`];
    if (size) sizes[server] = Number(size);
  }
  return sizes;
}
