import type { mongo } from 'mongoose';
import { isClosedSocket } from './closed-sockets.ts';
import { isBrokenConnection } from './errors.ts';

/** How many closed sockets a pool may contain: the driver's default size of a pool. */
const MAX_CLOSED_SOCKETS = 100;

/**
 * Runs `operation`, and retries it once if the connection broke. Attempts that could not be sent do not count.
 *
 * The driver retries reads and writes by itself (`retryReads`, `retryWrites`), but not after every broken connection:
 * a socket that the server or the network has closed fails at the next write with a bare `ECONNRESET` or `EPIPE`, which
 * has no error label. Nothing was sent then, and the driver removes only this socket from its pool. The others may be
 * closed as well, so the operation is repeated until it gets an open one.
 *
 * Pass only an idempotent operation: a read, or a write that selects by an `_id`, version or key that the caller chose. A
 * write that the driver has already retried is not retried again: the first attempt may have been applied, and a
 * further attempt could report the opposite.
 *
 * @param session the session of the transaction that the operation belongs to, if any. The operation is then not
 *   retried by itself, because {@link transaction} retries the whole transaction
 * @throws what the last attempt throws
 * @example
 * const product = await retryOnce(() => Product.findById(id).lean());
 */
export async function retryOnce<T>(
  operation: () => Promise<T>,
  session?: mongo.ClientSession,
): Promise<T> {
  let closedSockets = 0;
  let isRetry = false;
  for (;;) {
    try {
      return await operation();
    } catch (error) {
      if (session || !isBrokenConnection(error)) throw error;
      if (isClosedSocket(error) && closedSockets < MAX_CLOSED_SOCKETS) closedSockets += 1;
      else if (isRetry) throw error;
      else isRetry = true;
    }
  }
}
