import type { BsonDocument, View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import type { Witness } from './changes.ts';
import type { Collection } from './collection.ts';
import { WriteConflict } from './conflict.ts';
import type { StoredDocument } from './document.ts';
import { duplicateKey } from './duplicate-key.ts';
import type { Index, IndexReader } from './index.ts';
import type { StoredCollection } from './stored-collection.ts';
import { TransactionIndex } from './transaction-index.ts';

/**
 * A collection as a transaction sees it. What is stored is not copied: where it has changed since
 * the transaction began, and where the transaction has changed it, the version to be seen is kept
 * beside it.
 */
export class TransactionCollection implements Collection {
  readonly stored: StoredCollection;
  /** Made by this transaction, and not there for anybody else. */
  readonly isNew: boolean;
  /** Whether the transaction has read or written it. */
  isUsed = false;
  readonly #others: () => Iterable<Witness<StoredCollection>>;
  readonly #seen: StoredCollection;
  /** Documents that are seen otherwise than they are stored; what is seen is in `#seen`, if any. */
  readonly #hidden = new Set<string>();
  /** Those of them that the transaction has changed itself. */
  readonly #own = new Set<string>();

  /**
   * @param stored what it is about
   * @param isNew whether the transaction has just made it
   * @param others the other transactions that are open
   */
  constructor(
    stored: StoredCollection,
    isNew: boolean,
    others: () => Iterable<Witness<StoredCollection>>,
  ) {
    this.stored = stored;
    this.isNew = isNew;
    this.#others = others;
    this.#seen = stored.emptyCopy();
  }

  get namespace(): string {
    return this.stored.namespace;
  }

  get options(): View {
    return this.stored.options;
  }

  get uuid() {
    return this.stored.uuid;
  }

  get size(): number {
    let hidden = 0;
    for (const idKey of this.#hidden) if (this.stored.get(idKey)) hidden += 1;
    return this.stored.size - hidden + this.#seen.size;
  }

  get indexes(): IndexReader[] {
    return this.#pairs().map(([stored, seen]) => new TransactionIndex(stored, seen, this.#hidden));
  }

  get definitions(): BsonDocument[] {
    return this.stored.definitions;
  }

  *documents(): Iterable<StoredDocument> {
    for (const document of this.stored.documents()) {
      if (!this.#hidden.has(document.idKey)) yield document;
    }
    yield* this.#seen.documents();
  }

  get(idKey: string): StoredDocument | undefined {
    return (this.#hidden.has(idKey) ? this.#seen : this.stored).get(idKey);
  }

  insert(document: StoredDocument): void {
    this.#claim(document.idKey);
    if (this.get(document.idKey)) {
      throw duplicateKey(this.namespace, '_id_', { _id: 1 }, { _id: document.view._id });
    }
    this.#check(document);
    this.#write(document.idKey, document);
  }

  replace(old: StoredDocument, document: StoredDocument): void {
    this.#claim(old.idKey);
    this.#check(document);
    this.#write(old.idKey, document);
  }

  remove(document: StoredDocument): void {
    this.#claim(document.idKey);
    this.#write(document.idKey, undefined);
  }

  addIndex(definition: BsonDocument): void {
    if (!this.isNew) {
      throw new MongoCommandError(
        263,
        `Cannot create new indexes on existing collection ${this.namespace} in a multi-document transaction.`,
      );
    }
    this.#seen.addIndex(definition);
    this.stored.addIndex(definition);
  }

  dropIndex(name: string): boolean {
    return this.#seen.dropIndex(name) && this.stored.dropIndex(name);
  }

  owns(idKey: string): boolean {
    return this.#own.has(idKey);
  }

  get hasWrites(): boolean {
    return this.isNew || this.#own.size > 0;
  }

  /** Whether one of the transaction's own documents has one of these keys. */
  holdsKey(name: string, keys: readonly string[]): boolean {
    const index = this.#seen.index(name);
    if (!index) return false;
    return keys.some((key) => {
      for (const idKey of index.find(key)) if (this.#own.has(idKey)) return true;
      return false;
    });
  }

  /** Keeps what a document was before somebody else changed it. */
  changed(idKey: string, before: StoredDocument | undefined): void {
    if (this.#hidden.has(idKey)) return;
    this.#hidden.add(idKey);
    this.#seen.put(idKey, before);
  }

  /** What the transaction makes of each document that it has changed. */
  *outcome(): Iterable<[idKey: string, document: StoredDocument | undefined]> {
    for (const idKey of this.#own) yield [idKey, this.#seen.get(idKey)];
  }

  #pairs(): [stored: Index, seen: Index][] {
    return this.stored.indexes.flatMap((stored): [Index, Index][] => {
      const seen = this.#seen.index(stored.name);
      return seen ? [[stored, seen]] : [];
    });
  }

  /** Nobody else may be changing the document, or have changed it since the transaction began. */
  #claim(idKey: string): void {
    if (this.#own.has(idKey)) return;
    if (this.#hidden.has(idKey)) throw new WriteConflict();
    for (const other of this.#others()) other.guardDocument(this.stored, idKey);
  }

  #check(document: StoredDocument): void {
    for (const [stored, seen] of this.#pairs()) {
      if (stored.name === '_id_') continue;
      const keys = seen.keysOf(document.view);
      if (!stored.unique) continue;
      for (const key of keys) {
        for (const owner of [...seen.find(key), ...stored.find(key)]) {
          this.#refuseOwner(owner, key, stored, document);
        }
      }
      for (const other of this.#others()) other.guardKeys(this.stored, stored.name, keys);
    }
  }

  #refuseOwner(owner: string, key: string, index: Index, document: StoredDocument): void {
    if (owner === document.idKey) return;
    const isOwn = this.#own.has(owner);
    // Someone has changed the owner of the key since, or is about to.
    if (!isOwn) this.#claim(owner);
    const now = this.get(owner);
    // The stored version may have the key when the transaction's own has it no more.
    if (!now || !index.keysOf(now.view).includes(key)) return;
    const pattern = index.definition.get('key');
    throw duplicateKey(this.namespace, index.name, pattern, index.valuesUnder(key, document));
  }

  #write(idKey: string, document: StoredDocument | undefined): void {
    this.#hidden.add(idKey);
    this.#own.add(idKey);
    this.#seen.put(idKey, document);
  }
}
