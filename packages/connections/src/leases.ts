/** What a caller holds while it uses a value of a {@link LeasedCache}. Dispose of it once: `using lease = cache.lease(key)`. */
export interface Lease<T> {
  readonly value: T;
  /** It needs no `this`, so it may be passed on without the lease. */
  readonly [Symbol.dispose]: (this: void) => void;
}

/** A number, or a function that returns it whenever it is needed. */
export type Limit = number | (() => number);

interface Entry<T> {
  readonly value: T;
  leases: number;
}

/**
 * A cache that keeps the most recently used values up to a limit, and closes only values that nobody holds.
 * While more than `limit` values are held at once, all of them stay.
 *
 * @example
 * const files = new LeasedCache(100, { open: openSync, close: (_path, file) => closeSync(file) });
 * using lease = files.lease('/tmp/a');
 */
export class LeasedCache<K, T> {
  readonly #limit: Limit;
  readonly #open: (key: K) => T;
  readonly #close: (key: K, value: T) => void;
  /** Least recently used first: a Map keeps the order of insertion. */
  readonly #entries = new Map<K, Entry<T>>();

  /**
   * @param limit how many values to keep when none is held
   * @param open makes the value of a key; it runs at most once while the value is kept
   * @param close ends a value that nobody holds
   */
  constructor(
    limit: Limit,
    { open, close }: { open: (key: K) => T; close: (key: K, value: T) => void },
  ) {
    this.#limit = limit;
    this.#open = open;
    this.#close = close;
  }

  /** How many values are kept, held ones included. */
  get size(): number {
    return this.#entries.size;
  }

  /** How many values to keep when none is held. */
  get limit(): number {
    return typeof this.#limit === 'function' ? this.#limit() : this.#limit;
  }

  /** Whether the value of `key` is kept. */
  has(key: K): boolean {
    return this.#entries.has(key);
  }

  /** The keys of the kept values, least recently used first. */
  keys(): K[] {
    return [...this.#entries.keys()];
  }

  /** The kept values, least recently used first. */
  values(): T[] {
    return [...this.#entries.values()].map(({ value }) => value);
  }

  /**
   * Holds the value of `key`, which stays open until the lease is disposed of.
   *
   * @throws what `open` throws; then nothing is kept
   */
  lease(key: K): Lease<T> {
    const entry = this.#entries.get(key) ?? { value: this.#open(key), leases: 0 };
    entry.leases += 1;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#evict();
    let disposed = false;
    return {
      value: entry.value,
      [Symbol.dispose]: () => {
        if (disposed) return;
        disposed = true;
        entry.leases -= 1;
        this.#evict();
      },
    };
  }

  /** Closes every value that nobody holds. */
  closeUnheld(): void {
    this.#evict(0);
  }

  /** Forgets every value without closing it: for when what the values depend on has ended. */
  clear(): void {
    this.#entries.clear();
  }

  #evict(limit = this.limit): void {
    if (this.#entries.size <= limit) return;
    for (const [key, entry] of this.#entries) {
      if (entry.leases > 0) continue;
      this.#entries.delete(key);
      this.#close(key, entry.value);
      if (this.#entries.size <= limit) return;
    }
  }
}
