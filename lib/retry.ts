import { mongo } from 'mongoose';

/**
 * Runs `operation`, and once more when its connection broke.
 *
 * The driver repeats reads and writes by itself (`retryReads`, `retryWrites`), but not all that fails so.
 * A socket that the server or the network closed while the container was frozen fails at the first write
 * to it with a bare `ECONNRESET` or `EPIPE`, which carries no label; and commands like `createIndexes` are
 * never repeated. Hand in only what changes nothing when it runs twice: reads, and writes that name an
 * `_id` or a key which the caller chose.
 *
 * @throws what `operation` throws the second time, or the first time for any other reason
 */
export async function retryOnce<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!isBrokenConnection(error)) throw error;
    return operation();
  }
}

const BARE_CODES = new Set<unknown>(['ECONNRESET', 'EPIPE']);

const isBrokenConnection = (error: unknown): boolean =>
  error instanceof mongo.MongoNetworkError ||
  (error instanceof Error && 'code' in error && BARE_CODES.has(error.code));
