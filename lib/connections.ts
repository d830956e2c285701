import {
  type ConnectionEvent,
  containerOptions,
  type DatabaseLease,
  leaseDatabases,
  manageConnection,
} from '@manystore/connections';
import mongoose, { type Connection, type ConnectOptions } from 'mongoose';
import { describeError, log } from './runtime/log.ts';
import { countConnectionEvent } from './runtime/metrics.ts';
import { loadSecrets } from './runtime/secrets.ts';
import { SERVER_NAMES, type Server } from './runtime/servers.ts';
import { settings, startContainer } from './runtime/settings.ts';
import { type AdmittedStoreId, databaseOf, isStoreDatabase } from './store-id.ts';

/*
 * Every MongoDB connection of a Lambda container. Nothing else connects.
 *
 *   primary     mongoose.connect()           one pool; the registry of stores and the head catalog
 *   a store     primary.useDb('store_<id>')  no pool of its own: a database over the primary's
 *   secondary   mongoose.createConnection()  one pool; opened by the first function that asks for it
 *
 * A module lives as long as its container, so these serve every warm invocation, and all requests that one process
 * runs at the same time. What makes each of them right under faults is in packages/connections.
 */

// Collections and indexes are made when a store is created, never as a side effect; a command that cannot be sent
// fails instead of waiting; an unknown field in a filter throws instead of being dropped, which would widen the
// filter; and operators in a filter count only where the code says `trusted()`.
mongoose.set({
  autoCreate: false,
  autoIndex: false,
  bufferCommands: false,
  strictQuery: 'throw',
  sanitizeFilter: true,
});

/** A further connection is one more entry here, and one in `runtime/servers.ts`. */
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
  isAllowed: isStoreDatabase,
  useDb: (primary, name) => primary.useDb(name, { useCache: true }),
});

/** Where a connection leads, and the options that suit a container which is frozen between calls. */
async function target(server: Server): Promise<[uri: string, options: ConnectOptions]> {
  const { [server]: uri } = await loadSecrets();
  const { poolSizes, functionName } = settings();
  return [uri, containerOptions(uri, { maxPoolSize: poolSizes[server], appName: functionName })];
}

function report(connection: Server, event: ConnectionEvent, error?: unknown): void {
  const details = { connection, ...(error ? { error: describeError(error) } : {}) };
  if (event === 'connected' || event === 'reconnected') log.info(`connection.${event}`, details);
  else log.warn(`connection.${event}`, details);
  countConnectionEvent(connection, event);
}

/**
 * Returns the connection to a server, and opens it if it is the first call of the container. A function that never asks
 * for a server does not notice whether that is there.
 *
 * @param signal ends the wait, not the connect, which others may wait for
 * @throws {MongooseServerSelectionError} when no server answers within 5 s; the next call tries again
 */
export const connect = (server: Server, signal?: AbortSignal): Promise<Connection> =>
  connections[server].open(signal);

/** The connection to the primary server: see {@link connect}. */
export const primary = (signal?: AbortSignal): Promise<Connection> => connect('primary', signal);

/** The connection to the secondary server: see {@link connect}. */
export const secondary = (signal?: AbortSignal): Promise<Connection> =>
  connect('secondary', signal);

/** A store's database, held open until the lease is disposed of: `using store = await leaseStore(id)`. */
export type StoreLease = DatabaseLease;

/**
 * Holds a store's database, over the primary's pool, until the lease is disposed of.
 *
 * @param signal ends the wait for the connection
 * @throws {MongooseServerSelectionError} when the primary does not answer
 * @throws {RangeError} when `id` cannot be a store's
 */
export const leaseStore = (id: AdmittedStoreId, signal?: AbortSignal): Promise<StoreLease> =>
  stores.lease(databaseOf(id), signal);

/** How many stores' databases this container has open, leased ones included. */
export const storeHandleCount = (): number => stores.size;

/** Pings a server, and connects to it first if necessary. It rejects as the driver does when no answer comes. */
export const ping = (server: Server, signal?: AbortSignal): Promise<void> =>
  connections[server].ping(signal);

/** Reports that an operation failed. If its connection found no server, the next request connects anew. */
export function reportFailure(error: unknown): void {
  for (const connection of Object.values(connections)) connection.reportFailure(error);
}

/**
 * Begins to connect, where Lambda starts a container: by the time of its first request the connections are under way,
 * or there. If one fails, its events are logged, and the request tries again.
 *
 * @throws {SettingsError} when a setting of the function is missing or malformed
 */
export function connectEarly(servers: readonly Server[] = ['primary']): void {
  if (!startContainer()) return;
  for (const server of servers) connections[server].open().catch(() => {});
}

/** Closes every connection. For tests and scripts, which must exit: a Lambda never calls it. */
export async function closeConnections(): Promise<void> {
  await Promise.allSettled(SERVER_NAMES.map((server) => connections[server].close()));
  stores.clear();
}
