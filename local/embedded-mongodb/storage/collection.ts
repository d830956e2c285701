import { UUID } from 'bson';
import type { BsonDocument, View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import type { StoredDocument } from './document.ts';
import { duplicateKey } from './duplicate-key.ts';
import { Index } from './index.ts';

/** The documents of one collection in the order they were inserted, and its indexes. */
export class Collection {
  readonly namespace: string;
  readonly options: View;
  readonly uuid = new UUID();
  readonly #documents = new Map<string, StoredDocument>();
  readonly #indexes = new Map<string, Index>();

  constructor(namespace: string, options: View = {}) {
    this.namespace = namespace;
    this.options = options;
  }

  get size(): number {
    return this.#documents.size;
  }

  /** The size of all documents. */
  get bytes(): number {
    let total = 0;
    for (const { bytes } of this.#documents.values()) total += bytes.length;
    return total;
  }

  /** The indexes beside the one on `_id`, which is the collection's own map. */
  get indexes(): Index[] {
    return [...this.#indexes.values()];
  }

  /** Every index as listIndexes answers it, the one on `_id` first. */
  get definitions(): BsonDocument[] {
    const first: BsonDocument = new Map<string, never>([]);
    first
      .set('v', 2)
      .set('key', new Map([['_id', 1]]))
      .set('name', '_id_');
    return [first, ...this.indexes.map(({ definition }) => definition)];
  }

  documents(): Iterable<StoredDocument> {
    return this.#documents.values();
  }

  get(idKey: string): StoredDocument | undefined {
    return this.#documents.get(idKey);
  }

  /**
   * Adds a document.
   *
   * @throws MongoCommandError 11000; the collection is then as it was
   */
  insert(document: StoredDocument): void {
    if (this.#documents.has(document.idKey)) {
      throw duplicateKey(this.namespace, '_id_', { _id: 1 }, { _id: document.view._id });
    }
    const keys = this.#check(document);
    for (const [index, found] of keys) index.add(found, document.idKey);
    this.#documents.set(document.idKey, document);
  }

  /**
   * Puts a new version in the place of one that is stored; both have the same `_id`.
   *
   * @throws MongoCommandError 11000; the old version then stays
   */
  replace(old: StoredDocument, document: StoredDocument): void {
    const keys = this.#check(document);
    for (const [index, found] of keys) {
      const before = index.keysOf(old.view);
      if (before.length === found.length && before.every((key, at) => key === found[at])) continue;
      index.remove(before, old.idKey);
      index.add(found, document.idKey);
    }
    this.#documents.set(document.idKey, document);
  }

  remove(document: StoredDocument): void {
    for (const index of this.#indexes.values()) {
      index.remove(index.keysOf(document.view), document.idKey);
    }
    this.#documents.delete(document.idKey);
  }

  /**
   * Builds an index over what is stored.
   *
   * @throws MongoCommandError 11000 when two documents share a key of a unique index, which is
   *   then not added
   */
  addIndex(definition: BsonDocument): void {
    const index = new Index(definition);
    for (const document of this.#documents.values()) {
      const keys = index.keysOf(document.view);
      this.#refuseTaken(index, keys, document);
      index.add(keys, document.idKey);
    }
    this.#indexes.set(index.name, index);
  }

  dropIndex(name: string): boolean {
    return this.#indexes.delete(name);
  }

  #check(document: StoredDocument): [Index, string[]][] {
    const checked: [Index, string[]][] = [];
    for (const index of this.#indexes.values()) {
      const keys = index.keysOf(document.view);
      this.#refuseTaken(index, keys, document);
      checked.push([index, keys]);
    }
    return checked;
  }

  #refuseTaken(index: Index, keys: readonly string[], document: StoredDocument): void {
    const taken = index.takenKey(keys, document.idKey);
    if (taken === undefined) return;
    const pattern = index.definition.get('key');
    throw duplicateKey(this.namespace, index.name, pattern, index.valuesUnder(taken, document));
  }
}

/**
 * Refuses a name MongoDB would refuse.
 *
 * @throws MongoCommandError 73
 */
export function checkCollectionName(name: unknown): string {
  if (typeof name !== 'string' || name === '' || name.includes('\0') || name.includes('$')) {
    throw new MongoCommandError(73, `Invalid namespace specified '${String(name)}'`);
  }
  return name;
}
