import {
  type ConnectionEvent,
  containerOptions,
  type DatabaseLease,
  leaseDatabases,
  manageConnection,
  serverTime,
} from '@manystore/connections';
import mongoose, { type Connection, type ConnectOptions } from 'mongoose';
import { describeError, log } from './runtime/log.ts';
import { countConnectionEvent } from './runtime/metrics.ts';
import { loadSecrets } from './runtime/secrets.ts';
import {
  DEFAULT_SOCKETS,
  forEachServer,
  SERVER_NAMES,
  SERVERS,
  type Server,
  type Sockets,
} from './runtime/servers.ts';
import { settings, startContainer } from './runtime/settings.ts';
import { type AdmittedStoreId, databaseOf, isStoreDatabase } from './store-id.ts';

/*
 * Every MongoDB connection of a Lambda container. Nothing else connects.
 *
 *   primary     mongoose.connect()           one pool; the registry of stores and the head catalog
 *   a store     primary.useDb('store_<id>')  no pool of its own: a database over the primary's
 *   secondary   mongoose.createConnection()  one pool; opened by the first call that needs it
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
  primary: manageConnection({
    connection: () => mongoose.connection,
    connect: async () => mongoose.connect(...(await target('primary'))),
    onEvent: (event, error) => report('primary', event, error),
  }),
  secondary: manageConnection({
    connection: () => mongoose.createConnection(),
    connect: async (connection) => connection.openUri(...(await target('secondary'))),
    onEvent: (event, error) => report('secondary', event, error),
  }),
} satisfies Record<Server, ReturnType<typeof manageConnection>>;

const stores = leaseDatabases(connections.primary, {
  limit: () => settings().stores.handleLimit,
  // A store whose database does not respond leaves a socket to the others. Each request holds one lease of a store, and
  // sends its commands one after another. The limit is not per command: the commands of other requests may wait in the
  // server for a transaction, whose commit needs a socket.
  leasesPerDatabase: () => Math.max(1, poolSize('primary') - 1),
  isAllowed: isStoreDatabase,
  useDb: (primary, name) => primary.useDb(name, { useCache: true }),
});

/** Returns a server's connection string, and options for a container that is frozen between invocations. */
async function target(server: Server): Promise<[uri: string, options: ConnectOptions]> {
  const { [server]: uri } = await loadSecrets();
  const { functionName } = settings();
  return [uri, containerOptions(uri, { maxPoolSize: poolSize(server), appName: functionName })];
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

const GOOD_NEWS = new Set<ConnectionEvent>(['connected', 'reconnected', 'circuitClosed']);

function report(connection: Server, event: ConnectionEvent, error?: unknown): void {
  const details = { connection, ...(error ? { error: describeError(error) } : {}) };
  if (GOOD_NEWS.has(event)) log.info(`connection.${event}`, details);
  else log.warn(`connection.${event}`, details);
  countConnectionEvent(connection, event);
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

/** A store's database, kept open until the lease is disposed of: `using store = await leaseStore(id)`. */
export type StoreLease = DatabaseLease;

/**
 * Leases a store's database, which uses the primary's pool. It is kept open until the lease is disposed of.
 *
 * @param signal ends the wait for the connection
 * @throws {MongooseServerSelectionError} when the primary does not respond
 * @throws {CircuitOpen} at once, or within 1 s, while the primary is known not to respond
 * @throws {RangeError} when `id` is not a valid store id
 */
export const leaseStore = (id: AdmittedStoreId, signal?: AbortSignal): Promise<StoreLease> =>
  stores.lease(databaseOf(id), signal);

/** Returns the number of store databases that this container has open, including leased ones. */
export const storeHandleCount = (): number => stores.size;

/** Pings a server, after connecting to it if necessary. It rejects with the driver's error if the server does not respond. */
export const ping = (server: Server, signal?: AbortSignal): Promise<void> =>
  connections[server].ping(signal);

/** Reports that an operation failed, so that later requests do not wait for a server that does not respond. */
export function reportFailure(error: unknown): void {
  for (const connection of Object.values(connections)) connection.reportFailure(error);
}

/** What a function needs of the servers, as its contract declares it. */
interface Needs {
  servers?: readonly Server[];
  sockets?: Sockets;
}

/**
 * Starts to connect while Lambda starts a container, so that the container's first request waits less. A failure is
 * logged, and the request tries again.
 *
 * @throws {SettingsError} when a setting of the function is missing or malformed
 */
export function connectEarly({ servers = ['primary'], sockets = {} }: Needs = {}): void {
  for (const server of SERVER_NAMES)
    socketsPerRequest[server] = Math.max(socketsPerRequest[server], sockets[server] ?? 0);
  if (!startContainer()) return;
  for (const server of servers) connections[server].open().catch(() => {});
}

/** Closes every connection, so that a test or script can exit. A Lambda function never calls it. */
export async function closeConnections(): Promise<void> {
  await Promise.allSettled(SERVER_NAMES.map((server) => connections[server].close()));
  stores.clear();
}
