import {
  type DatabaseLease,
  deadlineIn,
  isSignInFailure,
  type ManagedConnection,
  manageConnection,
  serverTime,
} from '@manystore/connections';
import mongoose, { type Connection, type ConnectOptions } from 'mongoose';
import {
  closeClusters,
  clusterHandleCount,
  leaseOpen,
  leaseStoreOn,
  leaseStores,
  optionsFor,
  reportClusterFailure,
} from './clusters.ts';
import { PRIMARY_CLUSTER } from './runtime/cluster-names.ts';
import { observed } from './runtime/connection-events.ts';
import { secretsSource } from './runtime/secrets.ts';
import {
  DEFAULT_SOCKETS,
  forEachServer,
  SERVER_NAMES,
  SERVERS,
  type Server,
  type Sockets,
} from './runtime/servers.ts';
import { settings, startContainer } from './runtime/settings.ts';
import { databaseOf, type StorePlace } from './store-id.ts';

/*
 * Every MongoDB connection of a Lambda container. Nothing else connects.
 *
 *   primary     mongoose.connect()           one pool; the registry of stores and the head catalog
 *   secondary   mongoose.createConnection()  one pool; opened by the first call that needs it
 *   a cluster   mongoose.createConnection()  one pool; opened by the first call for one of its stores: see `clusters.ts`
 *   a store     useDb('store_<id>')          no pool of its own: a database over the primary, or over its cluster
 *
 * A module lives as long as its container, so these connections are shared by all invocations of the container, also
 * by those that run at the same time. Retries, reconnects and leases are implemented in packages/connections.
 */

// Collections and indexes are created explicitly, never as a side effect. A command that cannot be sent fails instead
// of waiting in a buffer. An unknown field in a filter throws, because dropping it would match more documents.
// Operators in a filter are not applied unless the code wraps them in `trusted()`.
mongoose.set({
  autoCreate: false,
  autoIndex: false,
  bufferCommands: false,
  strictQuery: 'throw',
  sanitizeFilter: true,
});

/** To add a connection, add an entry here and one in `runtime/servers.ts`. */
const connections = {
  primary: manageServer('primary', {
    connection: () => mongoose.connection,
    connect: (_, uri, options) => mongoose.connect(uri, options),
  }),
  secondary: manageServer('secondary', {
    connection: () => mongoose.createConnection(),
    connect: (connection, uri, options) => connection.openUri(uri, options),
  }),
} satisfies Record<Server, ManagedConnection>;

const stores = leaseStores(connections.primary, () => poolSize('primary'));

/** How a server is connected to. */
interface ServerConnection {
  connection: () => Connection;
  connect: (connection: Connection, uri: string, options: ConnectOptions) => Promise<unknown>;
}

/** Manages the connection to a server. When the server rejects its user, the next request loads the secrets again. */
function manageServer(
  server: Server,
  { connection, connect }: ServerConnection,
): ManagedConnection {
  let openedWith: string | undefined;
  async function open(handle: Connection): Promise<void> {
    openedWith = (await secretsSource.get())[server];
    try {
      await connect(handle, openedWith, optionsFor(openedWith, poolSize(server)));
    } catch (error) {
      if (isSignInFailure(error)) secretsSource.distrust();
      throw error;
    }
  }
  return manageConnection({
    connection,
    ...observed({ server }, open, secretsSource.distrust),
    isOutdated: () => openedWith !== secretsSource.value?.[server],
  });
}

/** The maximum of the {@link Sockets} of the functions that this process has loaded: in Lambda, of its one function. */
const socketsPerRequest: Record<Server, number> = forEachServer(() => DEFAULT_SOCKETS);

/** Returns the maximum number of sockets to a server that the next connection to it will have. */
export function poolSize(server: Server): number {
  const { poolSizes, isOneAtATime } = settings();
  const perRequest = socketsPerRequest[server];
  return (
    poolSizes[server] ??
    (isOneAtATime ? perRequest : Math.max(perRequest, SERVERS[server].poolSize))
  );
}

/**
 * Returns the connection to a server. The first call of the container opens it, so a function that never calls this for
 * a server works while that server is down.
 *
 * @param signal ends the wait, but not the attempt to connect, which other requests may share
 * @throws {MongooseServerSelectionError} when no server responds within 5 s; the next call tries again
 * @throws {CircuitOpen} at once, or within 1 s, while the server is known not to respond
 */
export const connect = (server: Server, signal?: AbortSignal): Promise<Connection> =>
  connections[server].open(signal);

/** The connection to the primary server: see {@link connect}. */
export const primary = (signal?: AbortSignal): Promise<Connection> => connect('primary', signal);

/** The connection to the secondary server: see {@link connect}. */
export const secondary = (signal?: AbortSignal): Promise<Connection> =>
  connect('secondary', signal);

/**
 * Returns the current time by the clock of the primary server, which dates everything that the service writes, also on the
 * secondary: the clock of a container can be wrong, and dates of two clocks cannot be compared. It is never ahead of that
 * clock, but may be some milliseconds behind. Locks and time limits are compared by the server itself.
 *
 * @throws {MongooseServerSelectionError} when the primary does not respond
 */
export const serverNow = async (signal: AbortSignal): Promise<Date> =>
  serverTime(await primary(signal), signal);

/** A database, kept open until the lease is disposed of: `using store = await leaseStore(admitted)`. */
export type StoreLease = DatabaseLease;

/**
 * Leases a store's database, which uses the pool of its cluster. It is kept open until the lease is disposed of.
 *
 * @param place the store, with the cluster that the registry names for it
 * @param signal ends the wait for the connection
 * @throws {MongooseServerSelectionError} when the cluster does not respond
 * @throws {CircuitOpen} at once, or within 1 s, while the cluster is known not to respond
 * @throws {ClusterUnavailable} when the cluster has no connection string, or rejects its user
 * @throws {RangeError} when the id is not a valid store id
 */
export const leaseStore = (place: StorePlace, signal?: AbortSignal): Promise<StoreLease> =>
  place.cluster === PRIMARY_CLUSTER
    ? stores.lease(databaseOf(place.id), signal)
    : leaseStoreOn(place, signal);

/**
 * Leases the connection to a cluster, with the database that its connection string names. The primary is a cluster too.
 *
 * @param signal ends the wait for the connection
 * @throws what {@link leaseStore} throws, except for the RangeError
 */
export async function leaseCluster(name: string, signal?: AbortSignal): Promise<DatabaseLease> {
  if (name !== PRIMARY_CLUSTER) return leaseOpen(name, signal);
  return { connection: await primary(signal), [Symbol.dispose]: () => {} };
}

/** Returns the number of store databases that this container has open, including leased ones. */
export const storeHandleCount = (): number => stores.size + clusterHandleCount();

/** Pings a server, after connecting to it if necessary. It rejects with the driver's error if the server does not respond. */
export const ping = (server: Server, signal?: AbortSignal): Promise<void> =>
  connections[server].ping(signal);

/** Pings a cluster other than the primary, like {@link ping}. */
export async function pingCluster(name: string, signal?: AbortSignal): Promise<void> {
  using cluster = await leaseOpen(name, signal);
  await cluster.managed.ping(signal);
}

/** Reports that an operation failed, so that later requests do not wait for a server that does not respond. */
export function reportFailure(error: unknown): void {
  for (const connection of Object.values(connections)) connection.reportFailure(error);
  reportClusterFailure(error);
}

/** What a function needs of the servers, as its contract declares it. */
interface Needs {
  servers?: readonly Server[];
  sockets?: Sockets;
}

/** The maximum time by which connecting prolongs the start of a container: Lambda ends a start after 10 s. */
const START_LIMIT_MS = 2_000;

/**
 * Connects while Lambda starts a container, so that the container's first request does not wait for it. A failure is
 * logged, and the request tries again.
 *
 * @returns resolves when all attempts have ended, at the latest after {@link START_LIMIT_MS}; never rejects
 * @throws {SettingsError} when a setting of the function is missing or malformed
 */
export function connectEarly({ servers = ['primary'], sockets = {} }: Needs = {}): Promise<void> {
  for (const server of SERVER_NAMES)
    socketsPerRequest[server] = Math.max(socketsPerRequest[server], sockets[server] ?? 0);
  return startContainer() ? tryToConnect(servers) : Promise.resolve();
}

async function tryToConnect(servers: readonly Server[]): Promise<void> {
  using deadline = deadlineIn(START_LIMIT_MS);
  await Promise.allSettled(servers.map((server) => connections[server].open(deadline.signal)));
}

export { openClusters } from './clusters.ts';

/** Closes every connection, so that a test or script can exit. A Lambda function never calls it. */
export async function closeConnections(): Promise<void> {
  const closing = SERVER_NAMES.map((server) => connections[server].close());
  await Promise.allSettled([...closing, closeClusters()]);
  stores.clear();
}
