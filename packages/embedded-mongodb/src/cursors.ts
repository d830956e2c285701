import { randomInt } from 'node:crypto';
import { RawDocument } from './bson/write.ts';
import { MongoCommandError } from './errors.ts';

const defaultBatch = 101;
const largestBatchBytes = 16 * 1024 * 1024;

/** The owner of a cursor: the only one that may run getMore on it. */
export interface CursorOwner {
  /** Empty without a sign-in. */
  readonly user: string;
  readonly session: string | undefined;
  /** The number of the transaction that it was opened in, if any. */
  readonly txnNumber: bigint | undefined;
  readonly noTimeout?: boolean;
}

interface Cursor {
  readonly namespace: string;
  readonly owner: CursorOwner;
  readonly rest: Iterator<Buffer>;
  /** A document already taken from `rest` that did not fit into the previous batch. */
  held: Buffer | undefined;
  usedAt: number;
}

interface Batch {
  readonly documents: RawDocument[];
  readonly exhausted: boolean;
}

/** The size of the first batch, and whether it is the only one. */
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

function refuse(code: number, id: bigint, reason: string): never {
  throw new MongoCommandError(code, `Cannot run getMore on cursor ${id}, which was ${reason}`);
}

/** Throws unless getMore is run by the same user, and in the same session and transaction that opened the cursor. */
function checkOwner(id: bigint, { owner }: Cursor, asking: CursorOwner): void {
  if (owner.user !== asking.user) {
    throw new MongoCommandError(13, `cursor id ${id} was not created by the authenticated user`);
  }
  if (owner.session !== asking.session) {
    if (owner.session === undefined) {
      refuse(50736, id, `not created in a session, in session ${asking.session}`);
    }
    if (asking.session === undefined) {
      refuse(50737, id, `created in session ${owner.session}, without an lsid`);
    }
    refuse(50738, id, `created in session ${owner.session}, in session ${asking.session}`);
  }
  if (owner.txnNumber === asking.txnNumber) return;
  if (owner.txnNumber === undefined) {
    refuse(50740, id, `not created in a transaction, in transaction ${asking.txnNumber}`);
  }
  if (asking.txnNumber === undefined) {
    refuse(50739, id, `created in transaction ${owner.txnNumber}, without a txnNumber`);
  }
  refuse(
    50741,
    id,
    `created in transaction ${owner.txnNumber}, in transaction ${asking.txnNumber}`,
  );
}

/** The open cursors of all clients. */
export class Cursors {
  readonly #open = new Map<bigint, Cursor>();
  /** The value of the parameter `cursorTimeoutMillis`. */
  readonly #idleMilliseconds: () => number;

  constructor(idleMilliseconds: () => number) {
    this.#idleMilliseconds = idleMilliseconds;
  }

  /**
   * Opens a cursor for a command that returns documents.
   *
   * @param namespace `database.collection`
   * @param documents encoded documents. Those that do not fit into the first batch are kept
   * @param owner the session and transaction that may run getMore
   * @returns the `cursor` of the reply. Its id is 0 if no documents are left
   */
  first(
    namespace: string,
    documents: Iterable<Buffer>,
    owner: CursorOwner,
    options: FirstBatch = {},
  ): object {
    const rest = documents[Symbol.iterator]();
    const cursor: Cursor = { namespace, owner, rest, held: undefined, usedAt: Date.now() };
    const batch = take(cursor, options.batchSize ?? defaultBatch);
    const done = batch.exhausted || options.singleBatch === true;
    return { id: done ? 0n : this.#keep(cursor), ns: namespace, firstBatch: batch.documents };
  }

  /**
   * Returns the next batch of a cursor, for getMore.
   *
   * @throws MongoCommandError 43 if the cursor is not open, 13 if it belongs to another namespace,
   *   50736 and following if it belongs to another session or transaction
   */
  next(id: bigint, namespace: string, batchSize: number | undefined, asking: CursorOwner): object {
    this.#dropIdle();
    const cursor = this.#open.get(id);
    if (!cursor) throw new MongoCommandError(43, `cursor id ${id} not found`);
    if (cursor.namespace !== namespace) {
      throw new MongoCommandError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    checkOwner(id, cursor, asking);
    cursor.usedAt = Date.now();
    const count = batchSize ? batchSize : Number.POSITIVE_INFINITY;
    const batch = take(cursor, count);
    if (batch.exhausted) this.#open.delete(id);
    return { id: batch.exhausted ? 0n : id, ns: namespace, nextBatch: batch.documents };
  }

  /** Whether a cursor is open that another user has opened. */
  isForeign(id: bigint, user: string): boolean {
    const cursor = this.#open.get(id);
    return cursor !== undefined && cursor.owner.user !== user;
  }

  kill(id: bigint): boolean {
    return this.#open.delete(id);
  }

  /** Closes the cursors of the owners that `isMeant` selects. */
  killOf(isMeant: (owner: CursorOwner) => boolean): void {
    for (const [id, { owner }] of this.#open) if (isMeant(owner)) this.#open.delete(id);
  }

  clear(): void {
    this.#open.clear();
  }

  get size(): number {
    this.#dropIdle();
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
    const oldest = Date.now() - this.#idleMilliseconds();
    for (const [id, { usedAt, owner }] of this.#open) {
      if (usedAt < oldest && !owner.noTimeout) this.#open.delete(id);
    }
  }
}
