/** What a caller holds while it uses a value of a {@link LeasedCache}. Give it back once: `using lease = cache.lease(key)`. */
export interface Lease<T> {
  readonly value: T;
  /** It stands by itself: it may be handed on without the lease. */
  readonly [Symbol.dispose]: (this: void) => void;
}

interface Entry<T> {
  readonly value: T;
  leases: number;
}

/**
 * Keeps the most recently used values up to a limit, and closes only those that nobody holds.
 * While more than `limit` values are held at once, all of them stay.
 */
export class LeasedCache<K, T> {
  readonly #limit: number;
  readonly #open: (key: K) => T;
  readonly #close: (key: K, value: T) => void;
  /** In the order of their last use, the longest unused first: a Map keeps the order of insertion. */
  readonly #entries = new Map<K, Entry<T>>();

  /**
   * @param limit how many values to keep when none is held
   * @param open makes the value of a key; it runs at most once while the value is kept
   * @param close ends a value that nobody holds
   */
  constructor(
    limit: number,
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

  /** Holds the value of `key`, which stays open until the lease is given back. What `open` throws is thrown on. */
  lease(key: K): Lease<T> {
    const entry = this.#entries.get(key) ?? { value: this.#open(key), leases: 0 };
    entry.leases += 1;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#evict();
    let given = false;
    return {
      value: entry.value,
      [Symbol.dispose]: () => {
        if (given) return;
        given = true;
        entry.leases -= 1;
        this.#evict();
      },
    };
  }

  /** Forgets every value without closing it: for the end of what the values stand on. */
  clear(): void {
    this.#entries.clear();
  }

  #evict(): void {
    if (this.#entries.size <= this.#limit) return;
    for (const [key, entry] of this.#entries) {
      if (entry.leases > 0) continue;
      this.#entries.delete(key);
      this.#close(key, entry.value);
      if (this.#entries.size <= this.#limit) return;
    }
  }
}
