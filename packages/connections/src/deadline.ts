import { monotonicMs } from './monotonic.ts';

/** The reason of a {@link Deadline}'s signal once the deadline has passed. */
export class DeadlineExceeded extends Error {
  constructor() {
    super('The operation exceeded its deadline');
  }

  // A getter, because the driver copies own properties to the error of a bulk write, whose `name` is read-only.
  override get name() {
    return 'DeadlineExceeded';
  }
}

/** A deadline as an AbortSignal. Dispose of it when the work has ended, to clear its timer. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

/** The longest delay of `setTimeout`. A timer with a longer delay fires immediately. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** When each deadline's signal will be aborted, on the clock of `monotonicMs()`. */
const ends = new WeakMap<AbortSignal, number>();

/**
 * Returns the milliseconds until a deadline's signal is aborted, for work that must stop early.
 *
 * @returns Infinity if `signal` does not come from {@link deadlineIn}; a negative number after the deadline
 * @example
 * while (timeLeft(signal) > 1_000) await importNextBatch();
 */
export const timeLeft = (signal: AbortSignal): number =>
  (ends.get(signal) ?? Number.POSITIVE_INFINITY) - monotonicMs();

/**
 * Returns a signal that is aborted with {@link DeadlineExceeded} after `ms` milliseconds.
 *
 * Use it instead of `AbortSignal.timeout()`, whose reason the driver mistakes for one of its own errors.
 *
 * @example
 * using deadline = deadlineIn(context.getRemainingTimeInMillis() - 500);
 * const connection = await orders.open(deadline.signal);
 */
export function deadlineIn(ms: number): Deadline {
  const controller = new AbortController();
  ends.set(controller.signal, monotonicMs() + ms);
  const delay = Math.min(Math.max(0, ms), MAX_TIMER_MS);
  const timer = setTimeout(() => controller.abort(new DeadlineExceeded()), delay);
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}

/**
 * Waits for `promise`, but only until `signal` is aborted. The work behind `promise` continues, because other callers
 * may wait for it.
 *
 * @throws what `promise` rejects with, or the reason of `signal`
 * @example
 * const report = await abortable(sharedReport, deadline.signal);
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
