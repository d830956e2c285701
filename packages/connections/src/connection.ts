import type { Connection } from 'mongoose';
import { abortable } from './deadline.ts';
import { isOfClass } from './error-kind.ts';
import { singleFlight } from './single-flight.ts';

const EVENTS = ['connected', 'disconnected', 'reconnected', 'error', 'close'] as const;

/** An event of a mongoose connection that {@link manageConnection} reports. */
export type ConnectionEvent = (typeof EVENTS)[number];

/** Describes one connection for {@link manageConnection}. */
export interface ConnectionSource {
  /** Returns the connection that is not open yet. It is called once, when the connection is first needed. */
  connection: () => Connection;
  /** Opens that connection. It is called again after a failure, and after `close()`. */
  connect: (connection: Connection) => Promise<unknown>;
  /** Receives the connection's events, also those of the first connect. */
  onEvent?: (event: ConnectionEvent, error?: unknown) => void;
}

/** One connection of the process, which is opened by its first user; see {@link manageConnection}. */
export interface ManagedConnection {
  /**
   * Returns the open connection. The first caller opens it, and callers at the same time share that connect.
   * A failed connect is forgotten, so that the next call tries again.
   *
   * @param signal ends the wait, not the connect, which other callers may wait for
   * @throws what `connect` throws, to everyone who waited; the reason of `signal`; or an Error when
   *   `close()` was called meanwhile
   */
  open(signal?: AbortSignal): Promise<Connection>;
  /** The connection, once it is open: for callers that need not wait. */
  readonly opened: Connection | undefined;
  /**
   * Reports that an operation failed. If this connection found no server for it, the next `open` connects
   * anew. Any other error is ignored, so every error may be reported.
   *
   * The driver reconnects by itself, except in one case (driver 7.8, when it polls its servers, as it does
   * on Lambda): if a socket of its monitor is cut just as the monitor writes to it, the write never ends,
   * and the connection finds no server ever again. From outside that looks like a server that is down. So a
   * connection that found no server is given up, which costs nothing if the server is down indeed.
   */
  reportFailure(error: unknown): void;
  /**
   * Sends `ping` to the server, and opens the connection first if necessary.
   *
   * @param signal ends the wait
   * @throws what `open` throws, or the driver's error when the server does not answer
   */
  ping(signal?: AbortSignal): Promise<void>;
  /**
   * Closes the connection and forgets it; the next `open` connects anew. It waits for a connect that is
   * under way and closes what that opened; the callers of that `open` are rejected.
   *
   * @throws what mongoose throws when it cannot close the connection
   */
  close(): Promise<void>;
}

/**
 * Manages one mongoose connection: it is opened once, however many requests arrive at the same time, a
 * failed connect does not stay cached, and a connection that lost its servers for good is replaced.
 *
 * What `open` has achieved decides whether to connect, never `readyState`: after a Lambda container was
 * frozen, that reads 0 while queries work; and while it reads 2, a second `mongoose.connect()` returns
 * before there is a connection.
 *
 * @example
 * const orders = manageConnection({
 *   connection: () => mongoose.createConnection(),
 *   connect: (connection) => connection.openUri(uri, containerOptions(uri, { maxPoolSize: 5 })),
 *   onEvent: (event, error) => console.log(`orders.${event}`, error ?? ''),
 * });
 * const connection = await orders.open();
 */
export function manageConnection(source: ConnectionSource): ManagedConnection {
  let handle: Connection | undefined;
  let opening: Promise<Connection> | undefined;
  let closing: Promise<void> | undefined;
  let closeCount = 0;

  async function connectAnew(): Promise<Connection> {
    const countBefore = closeCount;
    const throwIfClosed = () => {
      if (closeCount !== countBefore) throw new Error('The connection was closed while it opened');
    };
    await closing?.catch(() => {});
    throwIfClosed();
    handle ??= observe(source);
    await closeIfOpen(handle);
    throwIfClosed();
    enlist(handle);
    await source.connect(handle);
    throwIfClosed();
    return handle;
  }

  const flight = singleFlight(() => {
    opening = connectAnew();
    return opening;
  });

  const open = (signal?: AbortSignal) =>
    flight.done ? Promise.resolve(flight.done) : abortable(flight(), signal);

  function reportFailure(error: unknown): void {
    // Only an open connection can be given up. While one opens, `connect` decides.
    if (!flight.done || !isOfClass(error, 'MongoServerSelectionError')) return;
    if (error.reason === flight.done.getClient()?.topology?.description) flight.forget();
  }

  async function ping(signal?: AbortSignal): Promise<void> {
    const { db } = await open(signal);
    if (!db) throw new Error('`connect` returned before the connection was open');
    const answered = db.command({ ping: 1 });
    // Also when nobody waits for the answer any more.
    answered.catch(reportFailure);
    await abortable(answered, signal);
  }

  async function finish(): Promise<void> {
    await opening?.catch(() => {});
    if (!handle) return;
    await closeIfOpen(handle);
    delist(handle);
  }

  function close(): Promise<void> {
    closeCount += 1;
    flight.forget();
    closing = finish();
    return closing;
  }

  return {
    open,
    get opened() {
      return flight.done;
    },
    reportFailure,
    ping,
    close,
  };
}

/** Listens before the first connect, whose `connected` and `error` are events too. It only listens: the driver reconnects. */
function observe({ connection, onEvent }: ConnectionSource): Connection {
  const observed = connection();
  // Without a listener for `error`, an event emitter throws.
  for (const event of EVENTS)
    observed.on(event, (value?: unknown) =>
      onEvent?.(event, event === 'error' ? value : undefined),
    );
  return observed;
}

/** A connection that has a client was open, or failed to open: its client must end before there is another. */
async function closeIfOpen(connection: Connection): Promise<void> {
  if (connection.getClient()) await connection.close();
}

/** The list of `mongoose.connections`. */
const listOf = (connection: Connection): unknown[] =>
  (connection as unknown as { base?: { connections?: unknown[] } }).base?.connections ?? [];

/** Mongoose lists what `createConnection()` returned for ever, closed or not. The first is the default connection. */
function delist(connection: Connection): void {
  const connections = listOf(connection);
  const index = connections.indexOf(connection);
  if (index > 0) connections.splice(index, 1);
}

function enlist(connection: Connection): void {
  const connections = listOf(connection);
  if (!connections.includes(connection)) connections.push(connection);
}
