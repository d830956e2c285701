import type { mongo } from 'mongoose';
import {
  type DriverError,
  failedWrites,
  hasLabel,
  isBrokenBulk,
  isError,
  isOfClass,
} from './error-kind.ts';
import { SERVER_CODES } from './server-codes.ts';

/** How {@link observeWrite} observes a write that is more than one operation of the driver. */
export interface ObservedWrite {
  /** Aborting it ends the wait for the write, but the driver may still send it. */
  signal?: AbortSignal;
  /** Whether the write uses a socket that its session already holds, as behind a load balancer. */
  isPinned?: boolean;
}

/** The errors of writes that may have been applied. */
const doubtful = new WeakSet<Error>();

/** How many sockets each client has taken from its pools since its first write. Each command takes one. */
const checkouts = new WeakMap<mongo.MongoClient, { count: number }>();

/**
 * Runs a write. If it fails, {@link mayBeApplied} of its error is whether the server may have applied it nevertheless.
 *
 * The class of an error does not tell that: when the response to a write is lost, the driver sends the write again, and
 * if the server is gone by then, the error is that no server was found, as if nothing had been sent. So this counts the
 * sockets that the client takes from its pool. Without one, no command was sent. Commands of concurrent operations are
 * counted too, so a write may be reported as doubtful that is not, but never the opposite.
 *
 * @throws what `write` throws
 * @example
 * try {
 *   await observeWrite(connection.getClient(), () => Account.updateOne({ _id }, { $inc: { balance: -10 } }));
 * } catch (error) {
 *   if (mayBeApplied(error)) throw new OutcomeUnknown('Read the balance before you repeat the request');
 *   throw error;
 * }
 */
export async function observeWrite<T>(
  client: mongo.MongoClient,
  write: () => Promise<T>,
  { signal, isPinned = false }: ObservedWrite = {},
): Promise<T> {
  const taken = countingCheckouts(client);
  const before = taken.count;
  try {
    return await write();
  } catch (error) {
    const sent = taken.count - before + (isPinned ? 1 : 0);
    if (isError(error) && (signal?.aborted || isDoubtful(error, sent))) doubtful.add(error);
    throw error;
  }
}

/**
 * Whether a write that failed with this error may have been applied. It is false for an error that neither
 * {@link observeWrite} nor {@link transaction} has thrown.
 */
export const mayBeApplied = (error: unknown): boolean => doubtful.has(error as Error);

function countingCheckouts(client: mongo.MongoClient): { count: number } {
  const known = checkouts.get(client);
  if (known) return known;
  const taken = { count: 0 };
  checkouts.set(client, taken);
  client.on('connectionCheckedOut', () => {
    taken.count += 1;
  });
  return taken;
}

/** @param sent how many commands were sent, or more */
function isDoubtful(error: Error, sent: number): boolean {
  if (sent === 0) return false;
  // The driver keeps this label only if every attempt had it.
  if (hasLabel(error, 'NoWritesPerformed')) return false;
  if (hasLabel(error, 'UnknownTransactionCommitResult')) return true;
  if (hasLabel(error, 'TransientTransactionError')) return false;
  // After several attempts, the error says nothing about the first one.
  return sent > 1 || !isRejection(error);
}

/** Whether the server responded that it has not applied anything. */
function isRejection(error: Error): boolean {
  if (!isOfClass(error, 'MongoServerError') || isBrokenBulk(error)) return false;
  if (hasAppliedSome(error)) return false;
  const failed = failedWrites(error);
  const codes = failed.length > 0 ? failed.map(({ code }) => code) : [error.code];
  return codes.every((code) => !SERVER_CODES.get(code)?.mayBeApplied);
}

/** Whether other writes of the same bulk write were applied, or the write itself on the primary node alone. */
function hasAppliedSome(error: DriverError): boolean {
  const { insertedCount, matchedCount, deletedCount, upsertedCount } = error;
  const counts = [insertedCount, matchedCount, deletedCount, upsertedCount];
  return isOfClass(error, 'MongoWriteConcernError') || counts.some((count) => Number(count) > 0);
}
