import {
  mayBeApplied,
  type ObservedWrite,
  observeWrite,
  transaction,
} from '@manystore/connections';
import type { Connection, mongo } from 'mongoose';
import { countingRetries } from '../runtime/metrics.ts';
import { recordWrite } from '../runtime/request-writes.ts';

/** Runs a write on a connection, and records for the current request whether it may have been applied. */
export const trackedWrite = <R>(
  connection: Connection,
  write: () => Promise<R>,
  options?: ObservedWrite,
): Promise<R> => recorded(() => observeWrite(connection.getClient(), write, options));

/**
 * Runs `work` in a transaction, and records for the current request whether it may have been committed.
 *
 * @throws what `transaction()` of the connections throws
 */
export const inTransaction = <R>(
  connection: Connection,
  work: (session: mongo.ClientSession) => Promise<R>,
  signal: AbortSignal,
): Promise<R> =>
  recorded(
    () => transaction(connection, countingRetries(work), signal),
    () => true,
  );

async function recorded<R>(
  write: () => Promise<R>,
  isChange: (result: R) => boolean = hasChanged,
): Promise<R> {
  try {
    const result = await write();
    if (isChange(result)) recordWrite();
    return result;
  } catch (error) {
    if (mayBeApplied(error)) recordWrite();
    throw error;
  }
}

const COUNTS = ['insertedCount', 'matchedCount', 'deletedCount', 'upsertedCount'] as const;

/** Whether a write changed something, by the driver's result: a document, counts, or neither. */
function hasChanged(result: unknown): boolean {
  if (result === null) return false;
  const counts = COUNTS.map((name) => (result as Record<string, unknown> | undefined)?.[name]);
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 || known.some((count) => count !== 0);
}
