import type { mongo } from 'mongoose';
import { isBrokenConnection } from './errors.ts';

/**
 * Runs `operation`, and retries it once if the connection broke.
 *
 * The driver retries reads and writes by itself (`retryReads`, `retryWrites`), but not after every broken connection:
 * a socket that the server or the network closed while the container was frozen fails at the next write with a bare
 * `ECONNRESET` or `EPIPE`, which has no error label. Pass only an idempotent operation: a read, or a write that
 * selects by an `_id`, version or key that the caller chose. A write that the driver has already retried is not
 * retried again: the first attempt may have been applied, and a further attempt could report the opposite.
 *
 * @param session the session of the transaction that the operation belongs to, if any. The operation is then not
 *   retried by itself, because {@link transaction} retries the whole transaction
 * @throws what the second attempt throws, or what the first one throws if the connection did not break
 * @example
 * const product = await retryOnce(() => Product.findById(id).lean());
 */
export async function retryOnce<T>(
  operation: () => Promise<T>,
  session?: mongo.ClientSession,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (session || !isBrokenConnection(error)) throw error;
    return operation();
  }
}
