import { type Moment, msSince, singleFlight, thisMoment } from '@manystore/connections';

/** The minimum time between two reads of the same parameter. */
export const REREAD_MS = 30_000;

/** A value that is read once, and again when it turned out to be wrong; see {@link reread}. */
export interface Reread<T> {
  /** Returns the value. The first call reads it; concurrent calls share one read. */
  (): Promise<T>;
  /** The value that was read last, otherwise undefined. */
  readonly value: T | undefined;
  /** Whether a call returns {@link value} without reading. */
  readonly isCurrent: boolean;
  /** Makes the next call read again, but at most every {@link REREAD_MS}: a server has rejected the value. */
  distrust(): void;
}

/**
 * Returns a function that reads a value once per container, such as a connection string. An undefined value is read again
 * after {@link REREAD_MS}, and so is one that is distrusted. If that read fails, the value is kept, because it may work
 * again. Otherwise a failure is not kept: the next call tries again.
 */
export function reread<T>(read: () => Promise<T>): Reread<T> {
  let last: { value: T; at: Moment } | undefined;
  let isTrusted = false;

  const flight = singleFlight(async () => {
    const value = await read().catch((error) => {
      if (last?.value === undefined) throw error;
      return last.value;
    });
    last = { value, at: thisMoment() };
    isTrusted = value !== undefined;
    return last;
  });

  const isCurrent = () => last !== undefined && (isTrusted || msSince(last.at) < REREAD_MS);

  async function get(): Promise<T> {
    if (last && isCurrent()) return last.value;
    if (flight.done) flight.forget();
    return (await flight()).value;
  }

  return Object.defineProperties(
    Object.assign(get, {
      distrust: () => {
        isTrusted = false;
      },
    }),
    { value: { get: () => last?.value }, isCurrent: { get: isCurrent } },
  ) as Reread<T>;
}
