/** Protects a value of a {@link LeasedCache} from eviction until it is disposed of: `using lease = cache.lease(key)`. */
export interface Lease<T> {
  readonly value: T;
  /** Ends the lease. It does not use `this`, so it can be passed on without the lease. */
  readonly [Symbol.dispose]: (this: void) => void;
}

/** A number, or a function that returns the current number. */
export type Limit = number | (() => number);

interface Entry<T> {
  readonly value: T;
  leases: number;
}

/**
 * An LRU cache that never closes a value while it is leased. While more than `limit` values are leased at once, all
 * of them stay.
 *
 * @example
 * const files = new LeasedCache(100, { open: openSync, close: (_path, file) => closeSync(file) });
 * using lease = files.lease('/tmp/a');
 */
export class LeasedCache<K, T> {
  readonly #limit: Limit;
  readonly #open: (key: K) => T;
  readonly #close: (key: K, value: T) => void;
  /** Ordered by last use, least recently used first: a Map keeps insertion order. */
  readonly #entries = new Map<K, Entry<T>>();

  /**
   * @param limit the maximum number of values, unless more are leased at once
   * @param open creates the value of a key that is not in the cache
   * @param close closes an evicted value
   */
  constructor(
    limit: Limit,
    { open, close }: { open: (key: K) => T; close: (key: K, value: T) => void },
  ) {
    this.#limit = limit;
    this.#open = open;
    this.#close = close;
  }

  /** The number of values in the cache, both leased and idle. */
  get size(): number {
    return this.#entries.size;
  }

  /** The current limit. */
  get limit(): number {
    return typeof this.#limit === 'function' ? this.#limit() : this.#limit;
  }

  /** Whether the cache has a value for `key`. */
  has(key: K): boolean {
    return this.#entries.has(key);
  }

  /** Returns the keys, least recently used first. */
  keys(): K[] {
    return [...this.#entries.keys()];
  }

  /** Returns the values, least recently used first. */
  values(): T[] {
    return [...this.#entries.values()].map(({ value }) => value);
  }

  /**
   * Leases the value of `key`, which stays open until the lease is disposed of. Opens it if the cache lacks it.
   *
   * @param onEnd called once, when the lease is disposed of
   * @throws what `open` throws; then nothing is cached
   */
  lease(key: K, onEnd?: () => void): Lease<T> {
    const known = this.#entries.get(key);
    const entry = known ?? { value: this.#open(key), leases: 0 };
    entry.leases += 1;
    if (known) this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (!known) this.#evict();
    let disposed = false;
    return {
      value: entry.value,
      [Symbol.dispose]: () => {
        if (disposed) return;
        disposed = true;
        entry.leases -= 1;
        this.#evict();
        onEnd?.();
      },
    };
  }

  /** Closes every idle value. */
  closeIdle(): void {
    this.#evict(0);
  }

  /** Removes every value without closing it, for when the caller has already closed them. */
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
