import { setImmediate as nextTurn } from 'node:timers/promises';
import { isError } from './error-kind.ts';

/** Node reports a closed socket within two turns of the event loop. The third one is a reserve. */
const TURNS = 3;

/**
 * Waits until Node has reported the sockets that were closed while the container was frozen, so that the driver removes
 * them from its pool. Without this, the first command after a freeze fails with a bare `EPIPE` or `ECONNRESET`. Between
 * two of these turns it would even be worse: the driver (7.8) never ends a command that it writes to a socket which Node
 * has destroyed, but not reported yet.
 */
export async function reportClosedSockets(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await nextTurn();
}

const CODES = new Set<unknown>(['ECONNRESET', 'EPIPE']);

/**
 * Whether a command could not be written because its socket was closed already. The error has Node's code: the driver
 * wraps it in a `MongoNetworkError`, without the code, only when it waits for the response. So the server has not received
 * the command, or of a bulk write its last one, and the driver has removed this one socket from its pool, but no other.
 */
export const isClosedSocket = (error: unknown): boolean => isError(error) && CODES.has(error.code);
