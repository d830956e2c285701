/** The invocation is about to end: what it waited for is given up, so that there is time for an answer. */
export class DeadlineExceeded extends Error {
  constructor() {
    super('The operation did not end within its time');
  }

  /** Not a member of its own: the driver copies those to the error of a bulk, whose name cannot be set. */
  override get name() {
    return 'DeadlineExceeded';
  }
}

/** An invocation's time, as a signal. Dispose of it when the invocation has answered, else its timer stays. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

/** A timer that is set for longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** When each deadline's signal will be aborted, as `performance.now()` counts. */
const ends = new WeakMap<AbortSignal, number>();

/** Milliseconds until a deadline's `signal` is aborted: for work that is to stop in good time. */
export const timeLeft = (signal: AbortSignal): number =>
  (ends.get(signal) ?? Number.POSITIVE_INFINITY) - performance.now();

/**
 * A signal that is aborted with {@link DeadlineExceeded} after `ms` milliseconds.
 *
 * Not `AbortSignal.timeout()`: the driver takes its reason for a failure of its own.
 */
export function deadlineIn(ms: number): Deadline {
  const controller = new AbortController();
  ends.set(controller.signal, performance.now() + ms);
  const delay = Math.min(Math.max(0, ms), LONGEST_TIMER_MS);
  const timer = setTimeout(() => controller.abort(new DeadlineExceeded()), delay);
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}

/**
 * Waits for `promise`, but no longer than until `signal` is aborted: then it rejects with the signal's
 * reason, and `promise` goes on for others who wait for it.
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
