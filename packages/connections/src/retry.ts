import type { mongo } from 'mongoose';
import { isBrokenConnection } from './errors.ts';

/**
 * Runs `operation`, and runs it once more when its connection broke.
 *
 * The driver retries reads and writes by itself (`retryReads`, `retryWrites`), but not every such failure:
 * a socket that the server or the network closed while the container was frozen fails at the first write
 * to it with a bare `ECONNRESET` or `EPIPE`, which carries no label. Pass only an operation that is idempotent: a read, or a write that names an `_id`, a
 * version or a key which the caller chose. A write that the driver has retried is not run again: its first
 * run may have arrived, and a second response would deny it.
 *
 * @param session the transaction that the operation belongs to, if any: then the whole transaction is run
 *   again (see {@link transaction}), and the operation alone never
 * @throws what `operation` throws the second time, or the first time for any other reason
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
