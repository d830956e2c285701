/** A call that is made once; see {@link singleFlight}. */
export interface SingleFlight<T> {
  (): Promise<T>;
  /** What the call came to, once it has: for those who need not wait. */
  done: T | undefined;
  /** The next call runs anew. */
  forget(): void;
}

/** A flight that is older than this, in milliseconds, may fail of something that is over. */
const STALE_MS = 1_000;

/**
 * Runs `work` once, however many callers come before it is done, and keeps its result. A failure goes to
 * those who wait for it and is forgotten, so that the next caller tries anew. So does one who came when the
 * work had been under way for a second: a server that was away when it began may have been back by then.
 */
export function singleFlight<T>(work: () => Promise<T>): SingleFlight<T> {
  let flight: Promise<T> | undefined;
  /** While it is under way: when it began. */
  let startedAt: number | undefined;
  const start = () => {
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
  };
  const call = () => {
    if (!flight) return start();
    const isStale = startedAt !== undefined && performance.now() - startedAt > STALE_MS;
    return isStale ? flight.catch(() => flight ?? start()) : flight;
  };
  const forget = () => {
    flight = undefined;
    single.done = undefined;
  };
  const single: SingleFlight<T> = Object.assign(call, { forget, done: undefined });
  return single;
}
