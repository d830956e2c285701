import { type Moment, msSince, singleFlight, thisMoment } from '@manystore/connections';

/** The minimum time between two reads of the same parameter. */
export const REREAD_MS = 30_000;

/** A value that is read once, and again when it turned out to be wrong; see {@link reread}. */
export interface Reread<T> {
  /**
   * Returns the value. The first call reads it; concurrent calls share one read.
   *
   * @throws what the read throws, if there is no value yet; the next call tries again
   */
  get(): Promise<T>;
  /** The value that was read last, otherwise undefined. */
  readonly value: T | undefined;
  /** Whether {@link get} returns the value without reading. */
  readonly isCurrent: boolean;
  /** Makes the next {@link get} read again, but at most every {@link REREAD_MS}: a server has rejected the value. */
  distrust(): void;
}

/**
 * Manages a value that is read once per container, such as a connection string. An undefined value is read again after
 * {@link REREAD_MS}, and so is one that is distrusted. If that read fails, the value is kept, because it may work again.
 *
 * @param read reads the value from where it is stored
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

  return {
    async get() {
      if (last && isCurrent()) return last.value;
      if (flight.done) flight.forget();
      return (await flight()).value;
    },
    get value() {
      return last?.value;
    },
    get isCurrent() {
      return isCurrent();
    },
    distrust() {
      isTrusted = false;
    },
  };
}
