import { monotonicMs } from './monotonic.ts';

/** A function whose callers share one run; see {@link singleFlight}. */
export interface SingleFlight<T> {
  (): Promise<T>;
  /** The result if the run has succeeded, otherwise undefined. */
  done: T | undefined;
  /** Makes the next call run the work again. Callers that wait for the forgotten run still receive its outcome. */
  forget(): void;
}

/** A run older than this, in milliseconds, may fail because of a problem that no longer exists. */
const STALE_MS = 1_000;

/**
 * Returns a function that runs `work` once for all concurrent callers and caches its result. A failure rejects every
 * waiting caller and is not cached: the next call runs `work` again. A caller that joined a run after more than a
 * second retries when that run fails, because a server that was down at the start of the run may have recovered.
 *
 * @example
 * const loadSettings = singleFlight(() => fetchSettings());
 * const [a, b] = await Promise.all([loadSettings(), loadSettings()]); // one request
 */
export function singleFlight<T>(work: () => Promise<T>): SingleFlight<T> {
  let flight: Promise<T> | undefined;
  /** When the current run started; undefined after it has succeeded. */
  let startedAt: number | undefined;
  let forgetCount = 0;

  function start(): Promise<T> {
    startedAt = monotonicMs();
    const started = work();
    flight = started;
    started.then(
      (result) => {
        if (flight !== started) return;
        startedAt = undefined;
        single.done = result;
      },
      () => {
        if (flight === started) flight = undefined;
      },
    );
    return started;
  }

  async function joinLate(running: Promise<T>): Promise<T> {
    const countBefore = forgetCount;
    try {
      return await running;
    } catch (error) {
      if (forgetCount !== countBefore) throw error;
      return flight ?? start();
    }
  }

  function call(): Promise<T> {
    if (!flight) return start();
    const isStale = startedAt !== undefined && monotonicMs() - startedAt > STALE_MS;
    return isStale ? joinLate(flight) : flight;
  }

  function forget(): void {
    forgetCount += 1;
    flight = undefined;
    single.done = undefined;
  }

  const single: SingleFlight<T> = Object.assign(call, { forget, done: undefined });
  return single;
}
