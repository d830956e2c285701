import type { Connection } from 'mongoose';
import { abortable } from './deadline.ts';
import { isOfClass } from './error-kind.ts';
import { singleFlight } from './single-flight.ts';

const EVENTS = ['connected', 'disconnected', 'reconnected', 'error', 'close'] as const;

/** An event of a mongoose connection that {@link manageConnection} reports. */
export type ConnectionEvent = (typeof EVENTS)[number];

/** Describes one connection for {@link manageConnection}. */
export interface ConnectionSource {
  /** Returns the mongoose connection, not opened yet. It is called once, when the connection is first needed. */
  connection: () => Connection;
  /** Opens that connection. It is called again after a failed attempt and after `close()`. */
  connect: (connection: Connection) => Promise<unknown>;
  /** Receives the connection's events, including those of the first connection attempt. */
  onEvent?: (event: ConnectionEvent, error?: unknown) => void;
}

/** A connection that is opened on first use; see {@link manageConnection}. */
export interface ManagedConnection {
  /**
   * Returns the open connection. The first call opens it, and concurrent calls share that attempt. A failure is not
   * cached: the next call tries again.
   *
   * @param signal ends the wait, but not the connection attempt, which other callers may share
   * @throws what `connect` throws, to every waiting caller; the reason of `signal`; or an Error if `close()` is
   *   called before the connection is open
   */
  open(signal?: AbortSignal): Promise<Connection>;
  /** The connection if it is open, otherwise undefined. Use it where you cannot wait. */
  readonly opened: Connection | undefined;
  /**
   * Reports the error of a failed operation. If it is a server selection error of this connection, the next
   * `open` creates a new connection. Any other error is ignored, so you can report every error.
   *
   * The driver reconnects by itself, except in one case (driver 7.8, when it polls its servers, as it does
   * on Lambda): if a socket of its server monitor is closed during a write, the write never ends, and the driver
   * never finds a server again. This cannot be told apart from a server that is down, so the connection is
   * replaced in both cases. If the server is down, that costs nothing.
   */
  reportFailure(error: unknown): void;
  /**
   * Sends a `ping` command to the server. Opens the connection first if necessary.
   *
   * @param signal ends the wait
   * @throws what `open` throws, or the driver's error if the server does not respond
   */
  ping(signal?: AbortSignal): Promise<void>;
  /**
   * Closes the connection. The next `open` connects again. If a connection attempt is in progress, `close` waits
   * for it and closes its result, and the pending calls to `open` reject.
   *
   * @throws what mongoose throws if it cannot close the connection
   */
  close(): Promise<void>;
}

/**
 * Manages one mongoose connection. It is opened once, however many requests arrive at the same time; a failed
 * attempt is not cached; and a connection that can no longer find its servers is replaced.
 *
 * It does not rely on `readyState`: after a frozen Lambda container resumes, `readyState` can be 0 although
 * queries work, and while it is 2, a second `mongoose.connect()` resolves before the connection is open.
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

  async function connect(): Promise<Connection> {
    const countBefore = closeCount;
    const throwIfClosed = () => {
      if (closeCount !== countBefore)
        throw new Error('The connection was closed while it was opening');
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
    opening = connect();
    return opening;
  });

  const open = (signal?: AbortSignal) =>
    flight.done ? Promise.resolve(flight.done) : abortable(flight(), signal);

  function reportFailure(error: unknown): void {
    // Only an open connection is replaced. While it opens, `connect` reports the failure.
    if (!flight.done || !isOfClass(error, 'MongoServerSelectionError')) return;
    if (error.reason === flight.done.getClient()?.topology?.description) flight.forget();
  }

  async function ping(signal?: AbortSignal): Promise<void> {
    const { db } = await open(signal);
    if (!db) throw new Error('`connect` returned before the connection was open');
    const response = db.command({ ping: 1 });
    // Report a failure even if `signal` has already ended the wait.
    response.catch(reportFailure);
    await abortable(response, signal);
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

/**
 * Listens to the events of the connection, before the first attempt to connect so that its events are reported
 * too. It only reports them: the driver reconnects by itself.
 */
function observe({ connection, onEvent }: ConnectionSource): Connection {
  const observed = connection();
  // An event emitter without a listener for `error` throws.
  for (const event of EVENTS)
    observed.on(event, (value?: unknown) =>
      onEvent?.(event, event === 'error' ? value : undefined),
    );
  return observed;
}

/** Closes the client of an earlier attempt, successful or not: it must end before another client is created. */
async function closeIfOpen(connection: Connection): Promise<void> {
  if (connection.getClient()) await connection.close();
}

/** The array `mongoose.connections`. */
const listOf = (connection: Connection): unknown[] =>
  (connection as unknown as { base?: { connections?: unknown[] } }).base?.connections ?? [];

/**
 * Removes a connection from `mongoose.connections`, where mongoose keeps every result of `createConnection()` even
 * after it is closed. The first element is the default connection, which stays.
 */
function delist(connection: Connection): void {
  const connections = listOf(connection);
  const index = connections.indexOf(connection);
  if (index > 0) connections.splice(index, 1);
}

function enlist(connection: Connection): void {
  const connections = listOf(connection);
  if (!connections.includes(connection)) connections.push(connection);
}
