import { DEFAULT_SOCKETS, SERVER_NAMES, type Server, type Sockets } from '#lib/runtime/servers.ts';

/** The cluster of the tests, which stores can live on besides the primary. */
export const CLUSTER = 'eu-1';

/** A MongoDB deployment: a server of the service, or the cluster. */
export type Deployment = Server | typeof CLUSTER;

export const DEPLOYMENTS: readonly Deployment[] = [...SERVER_NAMES, CLUSTER];

/** Returns an object with a member for every deployment. */
export const forEachDeployment = <T>(make: (name: Deployment) => T): Record<Deployment, T> =>
  Object.fromEntries(DEPLOYMENTS.map((name) => [name, make(name)])) as Record<Deployment, T>;

/** The default of `CLUSTER_POOL_SIZE`. */
const CLUSTER_POOL_SIZE = 2;
/** The driver's monitor, which polls on Lambda. */
const MONITORS = 1;

/**
 * Returns the maximum number of sockets that a container has to a deployment: those of its pool, and its monitor's.
 *
 * @param sockets those that the function's contract declares
 */
export const socketLimit = (name: Deployment, sockets: Sockets = {}): number =>
  (name === CLUSTER ? CLUSTER_POOL_SIZE : (sockets[name] ?? DEFAULT_SOCKETS)) + MONITORS;
