import { setImmediate } from 'node:timers/promises';
import { monotonicMs } from '@manystore/connections';

/**
 * Lets timers and sockets have their turn during long work, and ends the work when its time is over.
 *
 * @throws the reason of `signal` when it is aborted
 */
export async function breathe(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}

/** How long work may take before timers and sockets have their turn, in milliseconds. */
const BREATH_MS = 10;

/**
 * Returns a function to await often during long work. It calls {@link breathe} if the last time was {@link BREATH_MS} ago, since
 * doing so each time would cost more than the work.
 *
 * @throws the reason of `signal` when it is aborted
 */
export function breather(signal: AbortSignal): () => Promise<void> | undefined {
  let next = monotonicMs() + BREATH_MS;
  return () => {
    signal.throwIfAborted();
    if (monotonicMs() < next) return undefined;
    return breathe(signal).then(() => {
      next = monotonicMs() + BREATH_MS;
    });
  };
}
