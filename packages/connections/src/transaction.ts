import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, mongo } from 'mongoose';
import { abortable } from './deadline.ts';
import { isBrokenConnection } from './errors.ts';

type Session = mongo.ClientSession;

/** The first pause between two tries, in milliseconds; each one may be half as long again, up to the longest. */
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 500;

/**
 * Runs `work` in a transaction, which may span databases of `connection`: all of its writes are there
 * afterwards, or none. A transaction that met another one, or whose connection broke, is run again, and a
 * commit whose answer was lost is sent again, until `signal` is aborted. That is what the driver's
 * `withTransaction` does, which knows no deadline but 120 s, and no bare `ECONNRESET`.
 *
 * @param work gets the session for its operations. It may run several times, so it changes nothing but
 *   through that session
 * @throws what `work` throws, and nothing is changed; or {@link DeadlineExceeded} or an error of the
 *   connection, and then it may have been committed
 */
export async function transaction<T>(
  connection: Connection,
  work: (session: Session) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const session = await connection.startSession();
  try {
    for (let round = 0; ; round++) {
      signal.throwIfAborted();
      if (round > 0) await pause(round, signal);
      // On the same session: the server gives the transaction of the round before up.
      session.startTransaction({ readConcern: { level: 'snapshot' } });
      try {
        const result = await work(session);
        await commit(session, signal);
        return result;
      } catch (error) {
        if (signal.aborted || !isTransient(error)) throw error;
        await abort(session, signal);
      }
    }
  } finally {
    // This aborts what is not committed. When the time is up, nobody waits for it.
    const ended = session.endSession();
    await abortable(ended, signal).catch(() => undefined);
  }
}

/** Sends the commit until it is answered. Committing twice changes nothing. */
async function commit(session: Session, signal: AbortSignal): Promise<void> {
  for (let round = 0; ; round++) {
    try {
      await abortable(session.commitTransaction(), signal);
      return;
    } catch (error) {
      const isUnknown =
        isBrokenConnection(error) || hasLabel(error, 'UnknownTransactionCommitResult');
      if (!isUnknown || signal.aborted) throw error;
      await pause(round, signal);
    }
  }
}

/** Lets the server forget the transaction at once. If that fails, the next one on the session does. */
async function abort(session: Session, signal: AbortSignal): Promise<void> {
  if (!session.inTransaction()) return;
  await abortable(session.abortTransaction(), signal).catch(() => undefined);
}

function isTransient(error: unknown): boolean {
  if (hasLabel(error, 'UnknownTransactionCommitResult')) return false;
  return hasLabel(error, 'TransientTransactionError') || isBrokenConnection(error);
}

const hasLabel = (error: unknown, label: string): boolean =>
  error instanceof mongo.MongoError && error.hasErrorLabel(label);

/** Those that met each other shall not meet again: each waits for a time of its own. */
async function pause(round: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(FIRST_PAUSE_MS * 1.5 ** round, LONGEST_PAUSE_MS);
  await sleep(Math.random() * longest, undefined, { signal }).catch(() => signal.throwIfAborted());
}
