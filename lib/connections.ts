import {
  abortable,
  LeasedCache,
  type SingleFlight,
  singleFlight,
  tlsOptions,
} from '@manystore/connections';
import mongoose, { type Connection, type ConnectOptions } from 'mongoose';
import { describeError, log } from './runtime/log.ts';
import { countConnectionEvent } from './runtime/metrics.ts';
import { loadSecrets } from './runtime/secrets.ts';
import { settings } from './runtime/settings.ts';
import { STORE_ID } from './store-id.ts';

/*
 * Every MongoDB connection of a Lambda container. Nothing else connects.
 *
 *   primary     mongoose.connect()           one pool; the registry of stores and the head catalog
 *   a store     primary.useDb('store_<id>')  no pool of its own: a database of the primary's
 *   secondary   mongoose.createConnection()  one pool; opened by the first function that asks for it
 *
 * A module lives as long as its container, so what is cached here serves every warm invocation, and all
 * the requests that one process may run at the same time.
 */

// Collections and indexes are made when a store is created, never by the way; a command that cannot be
// sent fails instead of waiting; an unknown field in a filter throws instead of being dropped, which
// would widen the filter; and operators in a filter count only where the code says `trusted()`.
mongoose.set({
  autoCreate: false,
  autoIndex: false,
  bufferCommands: false,
  strictQuery: 'throw',
  sanitizeFilter: true,
});

declare const admitted: unique symbol;

/** A store's id that the registry knows. Only `lib/stores/registry.ts` makes one, and only from a registry entry. */
export type AdmittedStoreId = string & { readonly [admitted]: true };

/** A store's database, held open until the lease is disposed of: `using store = await leaseStore(id)`. */
export interface StoreLease extends Disposable {
  readonly connection: Connection;
}

/**
 * What suits a container that is frozen between calls. Every wait ends far below the gateway's 30 s; idle
 * sockets are let go before the network drops them unseen; no socket is opened before it is needed.
 * The driver notices Lambda by itself and polls the servers instead of streaming from them.
 */
function options(connectionString: string, poolSize: number): ConnectOptions {
  return {
    ...tlsOptions(connectionString),
    appName: settings.functionName.slice(0, 128),
    maxPoolSize: poolSize,
    minPoolSize: 0,
    maxIdleTimeMS: 60_000,
    serverSelectionTimeoutMS: 5_000,
    connectTimeoutMS: 3_000,
    socketTimeoutMS: 10_000,
    waitQueueTimeoutMS: 5_000,
    retryReads: true,
    retryWrites: true,
    writeConcern: { w: 'majority' },
  };
}

/** Reports what happens to a connection. It only listens: the driver reconnects, and nothing here closes a pool. */
function observe(name: string, connection: Connection): Connection {
  for (const event of ['connected', 'disconnected', 'reconnected', 'error', 'close'] as const) {
    connection.on(event, (error?: unknown) => {
      const details = { connection: name, ...(error ? { error: describeError(error) } : {}) };
      if (event === 'connected' || event === 'reconnected')
        log.info(`connection.${event}`, details);
      else log.warn(`connection.${event}`, details);
      countConnectionEvent(name, event);
    });
  }
  return connection;
}

/*
 * One connect per container and server, however many requests arrive at once, and a failed one is
 * forgotten, so that it does not poison a warm container. This promise decides whether to connect, never
 * `readyState`: after a thaw that reads 0 while queries work, since the driver mends its pool by itself;
 * and while it reads 2, a second `mongoose.connect()` returns before there is a connection.
 */

// Listeners stand before the connect: its first `connected` and its first `error` are events too.
observe('primary', mongoose.connection);
const openPrimary = singleFlight(async () => {
  const { primary } = await loadSecrets();
  await closeIfOpen(mongoose.connection);
  await mongoose.connect(primary, options(primary, settings.primary.poolSize));
  return mongoose.connection;
});

let secondaryConnection: Connection | undefined;
const openSecondary = singleFlight(async () => {
  const { secondary } = await loadSecrets();
  secondaryConnection ??= observe('secondary', mongoose.createConnection());
  await closeIfOpen(secondaryConnection);
  await secondaryConnection.openUri(secondary, options(secondary, settings.secondary.poolSize));
  return secondaryConnection;
});

/** A connection that was open, and is opened again, is one that {@link doubtConnection} gave up. */
async function closeIfOpen(connection: Connection): Promise<void> {
  if (connection.getClient()) await connection.close();
}

/**
 * Tells that an operation failed. If its connection found no server, the next request opens that anew.
 *
 * The driver finds its servers again by itself, but for one case (7.8, when it polls, as on Lambda): if
 * the socket of its monitor is cut just as the monitor writes to it, that write never ends, and the
 * connection finds no server ever again. From outside, that is a server that is away: so a connection
 * that found none for 5 s is given up, which costs nothing if the server is away indeed.
 */
export function doubtConnection(error: unknown): void {
  if (!(error instanceof mongoose.mongo.MongoServerSelectionError)) return;
  const isItsConnection = (connection: Connection | undefined) =>
    connection?.getClient()?.topology?.description === error.reason;
  if (isItsConnection(mongoose.connection)) openPrimary.forget();
  if (isItsConnection(secondaryConnection)) openSecondary.forget();
}

/** What a flight has opened; who comes later need not wait. */
const opened = (flight: SingleFlight<Connection>, signal: AbortSignal | undefined) =>
  flight.done ? Promise.resolve(flight.done) : abortable(flight(), signal);

/**
 * The connection to the primary server, opened by the first caller of the container.
 *
 * @param signal ends the wait, not the connect, which others may wait for
 * @throws {MongooseServerSelectionError} when no server answers within 5 s; the next call tries again
 */
export function primary(signal?: AbortSignal): Promise<Connection> {
  return opened(openPrimary, signal);
}

/**
 * The connection to the secondary server, opened by the first caller of the container. A function that
 * never calls this does not notice whether that server is there.
 *
 * @param signal ends the wait, not the connect, which others may wait for
 * @throws {MongooseServerSelectionError} when no server answers within 5 s; the next call tries again
 */
export function secondary(signal?: AbortSignal): Promise<Connection> {
  return opened(openSecondary, signal);
}

/** A server that a function can need. */
export type Server = 'primary' | 'secondary';

/**
 * Begins to connect, where a container of Lambda's starts: by the time of its first request the connections are
 * under way, or there. If one fails, the listeners tell, and the request tries anew.
 */
export function connectEarly(servers: readonly Server[] = ['primary']): void {
  if (!settings.connectsEarly) return;
  const open = { primary: openPrimary, secondary: openSecondary };
  for (const server of servers) open[server]().catch(() => {});
}

/**
 * The name of a store's database.
 *
 * @throws {RangeError} when `id` is no store id. The registry has admitted it, so this is a bug; but a
 *   name that reaches `useDb()` unchecked opens any database, and `useDb('constructor')` gives a function.
 */
function databaseOf(id: AdmittedStoreId): string {
  if (!STORE_ID.test(id)) throw new RangeError('Not the id of a store');
  return `store_${id}`;
}

// Mongoose keeps every useDb() child for ever: about 10 KB each with a model. A child that is removed
// while a request uses it fails that request ("Connection was force closed"), hence the leases.
const stores = new LeasedCache<AdmittedStoreId, Connection>(settings.stores.handleLimit, {
  open: (id) => mongoose.connection.useDb(databaseOf(id), { useCache: true }),
  close: (id) => mongoose.connection.removeDb(databaseOf(id)),
});

/**
 * Holds a store's database, over the primary's pool, until the lease is disposed of.
 *
 * @param id an id that the registry admitted
 * @param signal ends the wait for the connection
 * @throws {MongooseServerSelectionError} when the primary does not answer
 * @throws {RangeError} when `id` cannot be a store's
 */
export async function leaseStore(id: AdmittedStoreId, signal?: AbortSignal): Promise<StoreLease> {
  // useDb() on a base that never connected gives a child that seems to work: wait for the base.
  const base = openPrimary.done ?? (await primary(signal));
  // On a base that counts as disconnected it gives a child without a database. A command waits until the
  // server is there, and then the base counts as connected. After a thaw that is one ping too many.
  if (base.readyState !== mongoose.ConnectionStates.connected) await ping(base, signal);
  const lease = stores.lease(id);
  return { connection: lease.value, [Symbol.dispose]: lease[Symbol.dispose] };
}

/** How many stores' databases this container has open, leased ones included. */
export const storeHandleCount = (): number => stores.size;

/** Asks the server of `connection` for an answer. It rejects as the driver does when none comes. */
export async function ping({ db }: Connection, signal?: AbortSignal): Promise<void> {
  if (!db) throw new mongoose.Error('The connection was never opened');
  const answered = db.command({ ping: 1 });
  // Also when nobody waits for it any more.
  answered.catch(doubtConnection);
  await abortable(answered, signal);
}

/** Ends every connection. For tests and scripts, which must exit: a Lambda never calls it. */
export async function closeConnections(): Promise<void> {
  await Promise.allSettled([mongoose.connection.close(), secondaryConnection?.close()]);
  openPrimary.forget();
  openSecondary.forget();
  stores.clear();
}
