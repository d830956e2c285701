import { randomInt } from 'node:crypto';
import { RawDocument } from './bson/write.ts';
import { MongoCommandError } from './errors.ts';

const defaultBatch = 101;
const largestBatchBytes = 16 * 1024 * 1024;
const idleMilliseconds = 10 * 60_000;

interface Cursor {
  readonly namespace: string;
  readonly rest: Iterator<Buffer>;
  /** Taken from `rest`, and too large for the batch before. */
  held: Buffer | undefined;
  usedAt: number;
}

interface Batch {
  readonly documents: RawDocument[];
  readonly exhausted: boolean;
}

/** How many documents the first answer holds, and whether there is a second. */
export interface FirstBatch {
  readonly batchSize?: number | undefined;
  readonly singleBatch?: boolean;
}

function take(cursor: Cursor, count: number): Batch {
  const documents: RawDocument[] = [];
  let size = 0;
  for (;;) {
    const next = cursor.held ?? cursor.rest.next().value;
    cursor.held = undefined;
    if (next === undefined) return { documents, exhausted: true };
    size += next.length;
    if (documents.length >= count || (size > largestBatchBytes && documents.length > 0)) {
      cursor.held = next;
      return { documents, exhausted: false };
    }
    documents.push(new RawDocument(next));
  }
}

/** The cursors that clients have open. */
export class Cursors {
  readonly #open = new Map<bigint, Cursor>();

  /**
   * Answers a command that returns documents.
   *
   * @param namespace `database.collection`
   * @param documents encoded documents; what does not fit into the first batch is kept
   * @returns the reply's `cursor`, whose id is 0 if there is nothing left
   */
  first(namespace: string, documents: Iterable<Buffer>, options: FirstBatch = {}): object {
    const rest = documents[Symbol.iterator]();
    const cursor: Cursor = { namespace, rest, held: undefined, usedAt: Date.now() };
    const batch = take(cursor, options.batchSize ?? defaultBatch);
    const done = batch.exhausted || options.singleBatch === true;
    return { id: done ? 0n : this.#keep(cursor), ns: namespace, firstBatch: batch.documents };
  }

  /**
   * Answers getMore.
   *
   * @throws MongoCommandError 43 for a cursor that is not open, or not on this namespace
   */
  next(id: bigint, namespace: string, batchSize: number | undefined): object {
    const cursor = this.#open.get(id);
    if (cursor?.namespace !== namespace) {
      throw new MongoCommandError(43, `cursor id ${id} not found`);
    }
    cursor.usedAt = Date.now();
    const count = batchSize ? batchSize : Number.POSITIVE_INFINITY;
    const batch = take(cursor, count);
    if (batch.exhausted) this.#open.delete(id);
    return { id: batch.exhausted ? 0n : id, ns: namespace, nextBatch: batch.documents };
  }

  kill(id: bigint): boolean {
    return this.#open.delete(id);
  }

  clear(): void {
    this.#open.clear();
  }

  get size(): number {
    return this.#open.size;
  }

  #keep(cursor: Cursor): bigint {
    this.#dropIdle();
    let id: bigint;
    do id = (BigInt(randomInt(1, 2 ** 31)) << 32n) | BigInt(randomInt(0, 2 ** 32));
    while (this.#open.has(id));
    this.#open.set(id, cursor);
    return id;
  }

  #dropIdle(): void {
    const oldest = Date.now() - idleMilliseconds;
    for (const [id, { usedAt }] of this.#open) if (usedAt < oldest) this.#open.delete(id);
  }
}
