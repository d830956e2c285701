import type { Connection, mongo } from 'mongoose';
import { CircuitBreaker, CircuitOpen, PROBE_MS } from './circuit-breaker.ts';
import { abortable, deadlineIn } from './deadline.ts';
import { isOfClass } from './error-kind.ts';
import { pingRepeatedly } from './ping.ts';
import type { SingleFlight } from './single-flight.ts';
import { failedSelection, isSilent, type PoolUse, watchPool, writableServer } from './topology.ts';

/** Decides what a call that needs a connection may wait for; see {@link guardOpening}. */
export interface GuardedOpening {
  open(signal?: AbortSignal): Promise<Connection>;
  reportFailure(error: unknown): void;
  /** Records that a connection attempt succeeded. */
  recordConnected(connection: Connection): void;
  /** Records that a connection attempt failed. */
  recordNotConnected(error: unknown): void;
  /** Forgets the connection and all failures. */
  reset(): void;
}

/**
 * Keeps calls from waiting for servers that do not respond. Three kinds of failures lead to three decisions:
 *
 * - a broken socket: none. The driver opens another one.
 * - a whole server selection failed: the next call creates a new connection. The circuit opens if no server sent
 *   anything, or if calls have found none for 10 s.
 * - a deadline or a socket's timeout passed: a slow operation looks the same, so the next call pings the server. The
 *   circuit opens if the ping has no response within 1 s.
 *
 * @param flight opens the connection
 * @param onChange is called when the circuit opens or closes
 */
export function guardOpening(
  flight: SingleFlight<Connection>,
  onChange: (isOpen: boolean) => void,
): GuardedOpening {
  const circuit = new CircuitBreaker(onChange);
  let pool: PoolUse | undefined;
  /** Whether a deadline has passed since the server was last known to respond. */
  let isSuspect = false;
  let verification: Promise<void> | undefined;
  /** The server that does not respond, as the driver described it when the circuit opened. */
  let silentServer: mongo.ServerDescription | undefined;

  const join = (signal?: AbortSignal) =>
    flight.done ? Promise.resolve(flight.done) : abortable(flight(), signal);

  function open(signal?: AbortSignal): Promise<Connection> {
    if (circuit.isOpen && isFoundAgain()) circuit.close();
    if (circuit.isOpen) return circuit.probe(probe, signal);
    return isSuspect || verification ? openVerified(signal) : join(signal);
  }

  /** Whether the driver's monitor has received a response of a server since the circuit opened. */
  function isFoundAgain(): boolean {
    const server = flight.done && writableServer(flight.done);
    return server !== undefined && server !== silentServer;
  }

  async function openVerified(signal?: AbortSignal): Promise<Connection> {
    verification ??= verify().finally(() => {
      verification = undefined;
    });
    await abortable(verification, signal);
    if (circuit.isOpen) throw new CircuitOpen();
    return join(signal);
  }

  /**
   * Opens the circuit if the server that the driver believes to be available does not respond to a ping. If the driver
   * knows of none, as in an election, calls wait for one; and if no socket of the pool is free, a ping says nothing.
   */
  async function verify(): Promise<void> {
    const connection = flight.done;
    if (!connection || pool?.isExhausted) return;
    isSuspect = false;
    if (!writableServer(connection)) return;
    using limit = deadlineIn(PROBE_MS);
    await pingOver(connection, limit.signal).catch(() => {});
    const server = writableServer(connection);
    if (!limit.signal.aborted || connection !== flight.done || !server) return;
    silentServer = server;
    circuit.open();
  }

  /** Pings the server that the driver believes to be available, or creates a new connection if it knows of none. */
  async function probe(signal: AbortSignal): Promise<Connection> {
    const connection = flight.done;
    if (!connection) return flight();
    if (writableServer(connection)) {
      await pingOver(connection, signal);
      return connection;
    }
    flight.forget();
    return flight();
  }

  function recordNotConnected(error: unknown): void {
    const servers = failedSelection(error);
    if (!servers) return;
    if (isSilent(servers)) circuit.open();
    else circuit.recordOutage();
  }

  function reportFailure(error: unknown): void {
    // Only an open connection is replaced. A failed attempt is recorded by `recordNotConnected`.
    if (!flight.done) return;
    isSuspect ||=
      isOfClass(error, 'DeadlineExceeded') || isOfClass(error, 'MongoNetworkTimeoutError');
    const servers = failedSelection(error);
    if (!servers || servers !== flight.done.getClient()?.topology?.description) return;
    flight.forget();
    recordNotConnected(error);
  }

  return {
    open,
    reportFailure,
    recordConnected(connection) {
      pool = watchPool(connection.getClient());
      isSuspect = false;
      circuit.close();
    },
    recordNotConnected,
    reset() {
      flight.forget();
      isSuspect = false;
      circuit.close();
    },
  };
}

/** Pings over the pool of a connection. The signal also closes the socket, so that the pool does not fill up. */
const pingOver = (connection: Connection, signal: AbortSignal): Promise<void> =>
  pingRepeatedly(async () => connection.db?.command({ ping: 1 }, { signal }), signal);
