import { setImmediate } from 'node:timers/promises';

/**
 * Lets timers and sockets have their turn during long work, and ends the work when its time is over.
 *
 * @throws the reason of `signal` when it is aborted
 */
export async function breathe(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
