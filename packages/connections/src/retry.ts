import type { mongo } from 'mongoose';
import { isBrokenConnection } from './errors.ts';

/**
 * Runs `operation`, and once more when its connection broke.
 *
 * The driver repeats reads and writes by itself (`retryReads`, `retryWrites`), but not all that fails so.
 * A socket that the server or the network closed while the container was frozen fails at the first write
 * to it with a bare `ECONNRESET` or `EPIPE`, which carries no label; and commands like `createIndexes` are
 * never repeated. Hand in only what changes nothing when it runs twice: reads, and writes that name an
 * `_id`, a version or a key which the caller chose. A write that the driver has repeated is not run again:
 * its first run may have arrived, and a second answer would deny it.
 *
 * @param session the transaction that the operation belongs to, if it does: then the whole of that is run
 *   again (see `transaction()`), and the operation alone never
 * @throws what `operation` throws the second time, or the first time for any other reason
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
