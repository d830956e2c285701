import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, mongo } from 'mongoose';
import { abortable } from './deadline.ts';
import { hasLabel } from './error-kind.ts';
import { isBrokenConnection } from './errors.ts';
import { observeWrite } from './observed-write.ts';

type Session = mongo.ClientSession;

/** Backoff between attempts, in milliseconds: the maximum of the first pause, growing by half up to the overall maximum. */
const FIRST_PAUSE_MS = 5;
const MAX_PAUSE_MS = 500;

/**
 * Runs `work` in a transaction, which may span several databases of `connection`. Either all of its writes are applied
 * or none. After a write conflict or a broken connection the whole transaction is retried, and a commit that received
 * no response is sent again, until `signal` is aborted. The driver's `withTransaction` is similar, but its deadline is
 * always 120 s, and it does not retry after a bare `ECONNRESET`.
 *
 * @param work receives the session for its operations. It may run several times, so it must not have side effects
 *   other than writes through that session
 * @param signal ends the retries
 * @returns the result of `work` in the attempt that was committed
 * @throws what `work` throws, the reason of `signal`, or a connection error. If {@link mayBeApplied} of the error is true,
 *   the transaction may have been committed; otherwise nothing was written
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
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      if (attempt > 0) await backOff(attempt, signal);
      // On the same session, so the server aborts the transaction of the previous attempt.
      session.startTransaction({ readConcern: { level: 'snapshot' } });
      try {
        const result = await work(session);
        await observeWrite(connection.getClient(), () => commit(session, signal), {
          signal,
          isPinned: session.isPinned,
        });
        return result;
      } catch (error) {
        if (signal.aborted || !isTransient(error)) throw error;
        await abort(session, signal);
      }
    }
  } finally {
    // This aborts an uncommitted transaction. Do not wait for it after the deadline.
    const ended = session.endSession();
    await abortable(ended, signal).catch(() => undefined);
  }
}

/** Sends the commit until there is a response. Committing is idempotent. */
async function commit(session: Session, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await abortable(session.commitTransaction(), signal);
      return;
    } catch (error) {
      const isUnknown =
        isBrokenConnection(error) || hasLabel(error, 'UnknownTransactionCommitResult');
      if (!isUnknown || signal.aborted) throw error;
      await backOff(attempt, signal);
    }
  }
}

/** Aborts the transaction immediately. If that fails, the next transaction on the session aborts it. */
async function abort(session: Session, signal: AbortSignal): Promise<void> {
  if (!session.inTransaction()) return;
  await abortable(session.abortTransaction(), signal).catch(() => undefined);
}

function isTransient(error: unknown): boolean {
  if (hasLabel(error, 'UnknownTransactionCommitResult')) return false;
  return hasLabel(error, 'TransientTransactionError') || isBrokenConnection(error);
}

/** Waits a random time, so that conflicting transactions do not collide again. */
async function backOff(attempt: number, signal: AbortSignal): Promise<void> {
  const max = Math.min(FIRST_PAUSE_MS * 1.5 ** attempt, MAX_PAUSE_MS);
  await sleep(Math.random() * max, undefined, { signal }).catch(() => signal.throwIfAborted());
}
