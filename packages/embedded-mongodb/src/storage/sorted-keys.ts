/** One place in an index: a key, and the document that is filed under it. */
export interface Entry {
  readonly key: string;
  readonly id: string;
}

interface Chunk {
  readonly keys: string[];
  readonly ids: string[];
}

interface Position {
  readonly chunk: number;
  readonly at: number;
}

const largestChunk = 512;

function isBelow(chunk: Chunk, at: number, key: string, id: string): boolean {
  const other = chunk.keys[at] ?? '';
  return other === key ? (chunk.ids[at] ?? '') < id : other < key;
}

function startsAbove(chunk: Chunk | undefined, key: string, id: string): boolean {
  const [first = ''] = chunk?.keys ?? [];
  return first === key ? (chunk?.ids[0] ?? '') > id : first > key;
}

/** The first place at which something that holds for a while holds no more. */
function partition(length: number, holds: (at: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Entries in the order of their keys, and of their ids under one key. They lie in short sorted
 * chunks, so that an insertion moves a few hundred of them at most, however many there are.
 */
export class SortedKeys {
  readonly #chunks: Chunk[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds an entry; one that is there already stays alone. */
  add(key: string, id: string): void {
    const { chunk: number, at } = this.#seek(key, id);
    const chunk = this.#chunks[number];
    if (!chunk) {
      this.#chunks.push({ keys: [key], ids: [id] });
    } else {
      if (chunk.keys[at] === key && chunk.ids[at] === id) return;
      chunk.keys.splice(at, 0, key);
      chunk.ids.splice(at, 0, id);
      if (chunk.keys.length > largestChunk) this.#split(number, chunk, at);
    }
    this.#size += 1;
  }

  remove(key: string, id: string): void {
    const { chunk: number, at } = this.#seek(key, id);
    const chunk = this.#chunks[number];
    if (chunk?.keys[at] !== key || chunk.ids[at] !== id) return;
    chunk.keys.splice(at, 1);
    chunk.ids.splice(at, 1);
    if (chunk.keys.length === 0) this.#chunks.splice(number, 1);
    this.#size -= 1;
  }

  /**
   * The entries from one key to another, which must not change while they are read.
   *
   * @param low the first key that counts, if it is there
   * @param high the first that does not; undefined for all above
   * @param backwards from the highest down
   */
  *range(low: string, high: string | undefined, backwards = false): Iterable<Entry> {
    const start = this.#seek(low);
    const end = high === undefined ? { chunk: this.#chunks.length, at: 0 } : this.#seek(high);
    for (let n = start.chunk; n <= end.chunk; n++) {
      const number = backwards ? start.chunk + end.chunk - n : n;
      const chunk = this.#chunks[number];
      if (!chunk) continue;
      const first = number === start.chunk ? start.at : 0;
      const last = (number === end.chunk ? end.at : chunk.keys.length) - 1;
      for (let i = first; i <= last; i++) {
        const at = backwards ? first + last - i : i;
        yield { key: chunk.keys[at] ?? '', id: chunk.ids[at] ?? '' };
      }
    }
  }

  /** About how many entries a range has; exact if they are few. */
  estimate(low: string, high: string | undefined): number {
    const start = this.#seek(low);
    const end = high === undefined ? { chunk: this.#chunks.length, at: 0 } : this.#seek(high);
    const average = this.#size / Math.max(this.#chunks.length, 1);
    return Math.max(0, Math.round((end.chunk - start.chunk) * average + end.at - start.at));
  }

  /** The place of an entry, or where it would be, which may be the end of a chunk. */
  #seek(key: string, id = ''): Position {
    const chunks = this.#chunks;
    const after = partition(chunks.length, (n) => !startsAbove(chunks[n], key, id));
    const chunk = Math.max(after - 1, 0);
    const here = chunks[chunk];
    if (!here) return { chunk, at: 0 };
    return { chunk, at: partition(here.keys.length, (at) => isBelow(here, at, key, id)) };
  }

  /** In two halves; but keys that come in rising order leave full chunks behind. */
  #split(number: number, chunk: Chunk, at: number): void {
    const isLast = number === this.#chunks.length - 1 && at === chunk.keys.length - 1;
    const from = isLast ? at : chunk.keys.length >>> 1;
    const upper = { keys: chunk.keys.splice(from), ids: chunk.ids.splice(from) };
    this.#chunks.splice(number + 1, 0, upper);
  }
}
