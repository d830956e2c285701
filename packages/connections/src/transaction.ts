import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, mongo } from 'mongoose';
import { abortable } from './deadline.ts';
import { hasLabel } from './error-kind.ts';
import { isBrokenConnection } from './errors.ts';

type Session = mongo.ClientSession;

/** The longest first pause between two tries, in milliseconds; each further one is half as long again, up to the longest. */
const FIRST_PAUSE_MS = 5;
const MAX_PAUSE_MS = 500;

/**
 * Runs `work` in a transaction, which may span databases of `connection`: afterwards all of its writes are
 * there, or none. A transaction that conflicted with another one, or whose connection broke, is run again,
 * and a commit whose response was lost is sent again, until `signal` is aborted. The driver's
 * `withTransaction` does the same, but its only deadline is 120 s, and it does not retry a bare `ECONNRESET`.
 *
 * @param work receives the session for its operations. It may run several times, so it must change nothing
 *   except through that session
 * @param signal ends the tries
 * @returns what `work` returned in the run that was committed
 * @throws what `work` throws, and nothing is changed; or the reason of `signal` or an error of the
 *   connection, and then the transaction may have been committed
 * @example
 * using deadline = deadlineIn(5_000);
 * await transaction(connection, async (session) => {
 *   await Account.updateOne({ _id: from }, { $inc: { balance: -10 } }, { session });
 *   await Account.updateOne({ _id: to }, { $inc: { balance: 10 } }, { session });
 * }, deadline.signal);
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
      // On the same session: the server gives up the transaction of the round before.
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
    // This aborts what is not committed. When the time is over, nobody waits for it.
    const ended = session.endSession();
    await abortable(ended, signal).catch(() => undefined);
  }
}

/** Sends the commit until there is a response. Committing twice changes nothing. */
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

/** Waits a random time, so that conflicting transactions do not collide again. */
async function pause(round: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(FIRST_PAUSE_MS * 1.5 ** round, MAX_PAUSE_MS);
  await sleep(Math.random() * longest, undefined, { signal }).catch(() => signal.throwIfAborted());
}
