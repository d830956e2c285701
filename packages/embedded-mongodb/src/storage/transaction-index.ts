import type { Index, IndexReader } from './index.ts';
import type { Entry } from './sorted-keys.ts';

/** Merges two sequences in the order of keys. */
function* merged(a: Iterator<Entry>, b: Iterator<Entry>, backwards: boolean): Iterable<Entry> {
  const comesFirst = (x: Entry, y: Entry) => {
    if (x.key === y.key) return backwards ? x.id > y.id : x.id < y.id;
    return backwards ? x.key > y.key : x.key < y.key;
  };
  let [x, y] = [a.next(), b.next()];
  while (!x.done || !y.done) {
    if (!x.done && (y.done || comesFirst(x.value, y.value))) {
      yield x.value;
      x = a.next();
    } else if (!y.done) {
      yield y.value;
      y = b.next();
    }
  }
}

/** An index as a transaction sees it: the stored index, except for documents of which it sees another version. */
export class TransactionIndex implements IndexReader {
  readonly #stored: Index;
  readonly #seen: Index;
  readonly #hidden: ReadonlySet<string>;

  /**
   * @param stored the collection's index
   * @param seen the same index over the versions that the transaction sees
   * @param hidden the `_id` keys of documents that it sees otherwise than they are stored
   */
  constructor(stored: Index, seen: Index, hidden: ReadonlySet<string>) {
    this.#stored = stored;
    this.#seen = seen;
    this.#hidden = hidden;
  }

  get name() {
    return this.#stored.name;
  }

  get definition() {
    return this.#stored.definition;
  }

  get fields() {
    return this.#stored.fields;
  }

  get sparse() {
    return this.#stored.sparse;
  }

  get partial() {
    return this.#stored.partial;
  }

  get ordered() {
    return this.#stored.ordered;
  }

  get arrayPaths(): ReadonlySet<string> {
    return new Set([...this.#stored.arrayPaths, ...this.#seen.arrayPaths]);
  }

  range(low: string, high: string | undefined, backwards = false): Iterable<Entry> {
    return merged(
      this.#visible(low, high, backwards)[Symbol.iterator](),
      this.#seen.range(low, high, backwards)[Symbol.iterator](),
      backwards,
    );
  }

  estimate(low: string, high: string | undefined): number {
    return this.#stored.estimate(low, high) + this.#seen.estimate(low, high);
  }

  *#visible(low: string, high: string | undefined, backwards: boolean): Iterable<Entry> {
    for (const entry of this.#stored.range(low, high, backwards)) {
      if (!this.#hidden.has(entry.id)) yield entry;
    }
  }
}
