/** A call that is made once; see {@link singleFlight}. */
export interface SingleFlight<T> {
  (): Promise<T>;
  /** The next call runs anew. */
  forget(): void;
}

/**
 * Runs `work` once, however many callers come before it is done, and keeps its result. A failure goes to
 * those who wait for it and is forgotten, so that the next caller tries anew.
 */
export function singleFlight<T>(work: () => Promise<T>): SingleFlight<T> {
  let flight: Promise<T> | undefined;
  const forget = () => {
    flight = undefined;
  };
  const call = () => {
    flight ??= work().catch((error) => {
      forget();
      throw error;
    });
    return flight;
  };
  return Object.assign(call, { forget });
}
