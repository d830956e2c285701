/** A call that runs once; see {@link singleFlight}. */
export interface SingleFlight<T> {
  (): Promise<T>;
  /** The result, once there is one: for callers that need not wait. */
  done: T | undefined;
  /** Makes the next call run the work again. A failure of the forgotten run reaches all who wait for it. */
  forget(): void;
}

/** A run that is older than this, in milliseconds, may fail because of something that is over. */
const STALE_MS = 1_000;

/**
 * Runs `work` once, however many callers come before it is done, and keeps its result. A failure reaches
 * those who wait for it and is forgotten, so that the next caller tries again. A caller that came when the
 * work had been under way for a second tries again as well: a server that was down when it began may have
 * been up by then.
 *
 * @returns a function that each caller calls
 * @example
 * const loadSettings = singleFlight(() => fetchSettings());
 * const [a, b] = await Promise.all([loadSettings(), loadSettings()]); // one request
 */
export function singleFlight<T>(work: () => Promise<T>): SingleFlight<T> {
  let flight: Promise<T> | undefined;
  /** When the run that is under way began. */
  let startedAt: number | undefined;
  let forgetCount = 0;

  function start(): Promise<T> {
    startedAt = performance.now();
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
    const isStale = startedAt !== undefined && performance.now() - startedAt > STALE_MS;
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
