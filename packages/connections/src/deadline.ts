/** The time of a call is over: its work is given up, so that there is time left to respond. */
export class DeadlineExceeded extends Error {
  constructor() {
    super('The operation did not end within its time');
  }

  /** A getter, because the driver copies own properties to the error of a bulk, whose name cannot be set. */
  override get name() {
    return 'DeadlineExceeded';
  }
}

/** The time of a call, as a signal. Dispose of it when the call has ended, or its timer stays. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

/** A timer that is set for longer fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** When each deadline's signal will be aborted, as `performance.now()` counts. */
const ends = new WeakMap<AbortSignal, number>();

/**
 * Returns the milliseconds until a deadline's signal is aborted, for work that has to stop in good time.
 *
 * @returns Infinity when `signal` does not come from {@link deadlineIn}; a negative number when it is over
 * @example
 * while (timeLeft(signal) > 1_000) await importNextBatch();
 */
export const timeLeft = (signal: AbortSignal): number =>
  (ends.get(signal) ?? Number.POSITIVE_INFINITY) - performance.now();

/**
 * Returns a signal that is aborted with {@link DeadlineExceeded} after `ms` milliseconds.
 *
 * Use it instead of `AbortSignal.timeout()`, whose reason the driver takes for a failure of its own.
 *
 * @example
 * using deadline = deadlineIn(context.getRemainingTimeInMillis() - 500);
 * const connection = await orders.open(deadline.signal);
 */
export function deadlineIn(ms: number): Deadline {
  const controller = new AbortController();
  ends.set(controller.signal, performance.now() + ms);
  const delay = Math.min(Math.max(0, ms), MAX_TIMER_MS);
  const timer = setTimeout(() => controller.abort(new DeadlineExceeded()), delay);
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}

/**
 * Waits for `promise`, but not after `signal` is aborted. The work behind `promise` continues, for other
 * callers who wait for it.
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
