import type { Connection } from 'mongoose';
import { delist, enlist } from './connection-list.ts';
import { abortable } from './deadline.ts';
import { guardOpening } from './guarded-opening.ts';
import { pingRepeatedly } from './ping.ts';
import { singleFlight } from './single-flight.ts';
import { observeSockets, type SocketListener } from './socket-events.ts';

const EVENTS = ['connected', 'disconnected', 'reconnected', 'error', 'close'] as const;

/** An event that {@link manageConnection} reports: of the mongoose connection, or of its circuit breaker. */
export type ConnectionEvent = (typeof EVENTS)[number] | 'circuitOpened' | 'circuitClosed';

/** Describes one connection for {@link manageConnection}. */
export interface ConnectionSource {
  /** Returns the mongoose connection, not opened yet. It is called once, when the connection is first needed. */
  connection: () => Connection;
  /** Opens that connection. It is called again after a failed attempt and after `close()`. */
  connect: (connection: Connection) => Promise<unknown>;
  /**
   * Returns whether the open connection must be replaced, such as because its connection string is another one by now. Then
   * `open()` closes it, which ends the commands that it is sending, and calls `connect` again.
   */
  isOutdated?: () => boolean;
  /** Receives the connection's events, including those of the first connection attempt. */
  onEvent?: (event: ConnectionEvent, error?: unknown) => void;
  /** Receives the events of the sockets that the connection's operations use, such as to count them. */
  onSocket?: SocketListener;
}

/** A connection that is opened on first use; see {@link manageConnection}. */
export interface ManagedConnection {
  /**
   * Returns the open connection. The first call opens it, and concurrent calls share that attempt. A failure is not
   * cached: the next call tries again.
   *
   * Call it at the start of every request, also when the connection is open: while its circuit is open, it rejects at
   * once, except for one call at a time, which waits up to 1 s for the servers. The circuit opens
   * - when a whole server selection failed because no server sent anything,
   * - when calls have found no server for 10 s, for whatever reason, or
   * - when a deadline or a socket's timeout passed (see `reportFailure`) and a ping has no response for 1 s either.
   *
   * After a pause, in which the container may have been frozen, it first lets the driver remove closed sockets from its
   * pool. That takes three turns of the event loop.
   *
   * @param signal ends the wait, but not the connection attempt, which other callers may share
   * @throws {CircuitOpen} while the servers do not respond
   * @throws what `connect` throws, to every waiting caller; the reason of `signal`; or an Error if `close()` is
   *   called before the connection is open
   */
  open(signal?: AbortSignal): Promise<Connection>;
  /** The connection if it is open, otherwise undefined. Use it where you cannot wait. */
  readonly opened: Connection | undefined;
  /**
   * Reports the error of a failed operation, so that later calls do not wait for a server that does not respond. If
   * it is a server selection error of this connection, the next `open` creates a new connection. If it is a deadline
   * or a timeout, which a slow operation may also cause, the next `open` first pings the server. Any other error is
   * ignored, so you can report every error.
   *
   * The driver reconnects by itself, except in one case (driver 7.8, when it polls its servers, as it does
   * on Lambda): if a socket of its server monitor is closed during a write, the write never ends, and the driver
   * never finds a server again. This cannot be told apart from a server that is down, so the connection is
   * replaced in both cases. If the server is down, that costs nothing.
   */
  reportFailure(error: unknown): void;
  /**
   * Sends a `ping` command to the server. Opens the connection first if necessary. While sockets break, as after a
   * freeze, the ping is repeated for up to 5 s.
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
    if (source.onSocket) observeSockets(handle.getClient(), source.onSocket);
    throwIfClosed();
    return handle;
  }

  const flight = singleFlight(() => {
    opening = connect();
    opening.then(guard.recordConnected, guard.recordNotConnected);
    return opening;
  });

  const guard = guardOpening(flight, (isOpen) =>
    source.onEvent?.(isOpen ? 'circuitOpened' : 'circuitClosed'),
  );
  const { reportFailure } = guard;

  function open(signal?: AbortSignal): Promise<Connection> {
    if (flight.done && source.isOutdated?.()) guard.reset();
    return guard.open(signal);
  }

  async function ping(signal?: AbortSignal): Promise<void> {
    const { db } = await open(signal);
    if (!db) throw new Error('`connect` returned before the connection was open');
    const send = () => {
      const response = db.command({ ping: 1 });
      // Report a failure even if `signal` has already ended the wait.
      response.catch(reportFailure);
      return abortable(response, signal);
    };
    await pingRepeatedly(send, signal).catch((error) => {
      reportFailure(error);
      throw error;
    });
  }

  async function finish(): Promise<void> {
    await opening?.catch(() => {});
    if (!handle) return;
    await closeIfOpen(handle);
    delist(handle);
  }

  function close(): Promise<void> {
    closeCount += 1;
    guard.reset();
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
