import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, mongo } from 'mongoose';
import { CircuitBreaker, CircuitOpen, PROBE_MS } from './circuit-breaker.ts';
import { msSince, thisMoment } from './clock.ts';
import { reportClosedSockets } from './closed-sockets.ts';
import { abortable, deadlineIn } from './deadline.ts';
import { isOfClass } from './error-kind.ts';
import { pingRepeatedly } from './ping.ts';
import type { SingleFlight } from './single-flight.ts';
import { failedSelection, isSilent, type PoolUse, watchPool, writableServer } from './topology.ts';

/** A pause between two calls, in which the container may have been frozen, in milliseconds. */
const PAUSE_MS = 100;

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
  /** When the connection was opened or handed out last. */
  let usedAt = thisMoment();

  const join = (signal?: AbortSignal) => flight.done ?? abortable(flight(), signal);

  async function open(signal?: AbortSignal): Promise<Connection> {
    if (circuit.isOpen && isFoundAgain()) circuit.close();
    if (circuit.isOpen) return circuit.probe(probe, signal);
    let now = thisMoment();
    if (flight.done && msSince(usedAt, now) > PAUSE_MS) {
      await reportClosedSockets();
      now = thisMoment();
    }
    usedAt = now;
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
   * Opens the circuit if the server that the driver believes to be available does not respond to a ping, or if the driver
   * has noticed that no server responds, and a ping finds none. In an election, calls wait for its end; and if no socket
   * of the pool is free, a ping says nothing.
   */
  async function verify(): Promise<void> {
    const connection = flight.done;
    if (!connection || !pool || pool.isExhausted) return;
    isSuspect = false;
    if (isElecting(connection)) return;
    using limit = deadlineIn(PROBE_MS);
    await pingOverSeveral(connection, pool, limit.signal).catch(() => {});
    if (!limit.signal.aborted || connection !== flight.done || isElecting(connection)) return;
    silentServer = writableServer(connection);
    circuit.open();
  }

  /** Pings the server that the driver believes to be available, or creates a new connection if it knows of none. */
  async function probe(signal: AbortSignal): Promise<Connection> {
    const connection = flight.done;
    if (!connection) return flight();
    if (writableServer(connection)) {
      await reportClosedSockets();
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
      usedAt = thisMoment();
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

/** Whether the driver knows of no server that accepts writes, although some server responds or refuses sockets. */
function isElecting(connection: Connection): boolean {
  const servers = connection.getClient()?.topology?.description;
  return !writableServer(connection) && servers !== undefined && !isSilent(servers);
}

/** Pings over the pool of a connection. The signal also closes the socket, so that the pool does not fill up. */
const pingOver = (connection: Connection, signal: AbortSignal): Promise<void> =>
  pingRepeatedly(async () => connection.db?.command({ ping: 1 }, { signal }), signal);

/** The maximum number of pings of a verification, and the time between them in milliseconds. */
const MAX_PINGS = 3;
const PING_INTERVAL_MS = PROBE_MS / MAX_PINGS;

/**
 * Pings like {@link pingOver}. While an open socket brings no response, it sends a further ping over another one: the
 * network may have dropped sockets that were not used for a while, without closing them, although the server responds over
 * a new one.
 *
 * @throws what the first ping throws that ends
 */
async function pingOverSeveral(
  connection: Connection,
  pool: PoolUse,
  signal: AbortSignal,
): Promise<void> {
  const isOver = new AbortController();
  const either = AbortSignal.any([signal, isOver.signal]);
  const before = pool.checkouts;
  const pings = [pingOver(connection, either)];
  const isAnswered = () =>
    Promise.race([
      ...pings.map((ping) => ping.then(() => true)),
      sleep(PING_INTERVAL_MS, false, { signal: either }),
    ]);
  try {
    while (pings.length < MAX_PINGS && !(await isAnswered())) {
      // The last ping waits for a new socket: there are no others that are open.
      if (pool.checkouts - before < pings.length) break;
      pings.push(pingOver(connection, either));
    }
    await Promise.race(pings);
  } finally {
    isOver.abort();
    await Promise.allSettled(pings);
  }
}
