import { UUID } from 'bson';
import type { BsonDocument, BsonValue, View } from '../bson/values.ts';
import { Changes } from './changes.ts';
import type { Collection } from './collection.ts';
import type { StoredDocument } from './document.ts';
import { duplicateKey } from './duplicate-key.ts';
import { type FilterCompiler, Index } from './index.ts';

function idIndex(): BsonDocument {
  return new Map<string, BsonValue>([
    ['v', 2],
    ['key', new Map([['_id', 1]])],
    ['name', '_id_'],
  ]);
}

/** A collection in memory, its documents in the order they were inserted. */
export class StoredCollection implements Collection {
  /** `database.collection`; another one after a rename. */
  namespace: string;
  readonly options: View;
  readonly uuid: UUID;
  readonly #documents = new Map<string, StoredDocument>();
  readonly #indexes = new Map<string, Index>();
  readonly #changes: Changes<StoredCollection>;
  readonly #compileFilter: FilterCompiler;
  #bytes = 0;

  constructor(
    namespace: string,
    options: View,
    changes: Changes<StoredCollection>,
    compileFilter: FilterCompiler,
    uuid = new UUID(),
  ) {
    this.uuid = uuid;
    this.namespace = namespace;
    this.options = options;
    this.#changes = changes;
    this.#compileFilter = compileFilter;
    this.#indexes.set('_id_', new Index(idIndex(), compileFilter));
  }

  /** An empty collection with the same name, options and indexes, which no transaction watches. */
  emptyCopy(): StoredCollection {
    const { namespace, options } = this;
    const copy = new StoredCollection(namespace, options, new Changes(), this.#compileFilter);
    for (const definition of this.definitions.slice(1)) copy.addIndex(definition);
    return copy;
  }

  get size(): number {
    return this.#documents.size;
  }

  /** The size of all documents. */
  get bytes(): number {
    return this.#bytes;
  }

  get indexes(): Index[] {
    return [...this.#indexes.values()];
  }

  get definitions(): BsonDocument[] {
    return this.indexes.map(({ definition }) => definition);
  }

  index(name: string): Index | undefined {
    return this.#indexes.get(name);
  }

  documents(): Iterable<StoredDocument> {
    return this.#documents.values();
  }

  get(idKey: string): StoredDocument | undefined {
    return this.#documents.get(idKey);
  }

  insert(document: StoredDocument): void {
    this.#guard(document.idKey);
    if (this.#documents.has(document.idKey)) {
      throw duplicateKey(this.namespace, '_id_', { _id: 1 }, { _id: document.view._id });
    }
    this.#check(document);
    this.#write(document.idKey, document);
  }

  replace(old: StoredDocument, document: StoredDocument): void {
    this.#guard(old.idKey);
    this.#check(document);
    this.#write(old.idKey, document);
  }

  remove(document: StoredDocument): void {
    this.#guard(document.idKey);
    this.#write(document.idKey, undefined);
  }

  /**
   * Makes a document what it is to be, without asking anybody.
   *
   * @param idKey whose it is
   * @param document undefined for none
   */
  put(idKey: string, document: StoredDocument | undefined): void {
    const old = this.#documents.get(idKey);
    for (const index of this.#indexes.values()) {
      const before = old ? index.keysOf(old.view) : [];
      const after = document ? index.keysOf(document.view) : [];
      if (before.length === after.length && before.every((key, at) => key === after[at])) continue;
      index.remove(before, idKey);
      index.add(after, idKey);
    }
    this.#bytes += (document?.bytes.length ?? 0) - (old?.bytes.length ?? 0);
    if (document) this.#documents.set(idKey, document);
    else this.#documents.delete(idKey);
  }

  /** @throws WriteConflict while a transaction uses the collection */
  requireUnused(): void {
    for (const witness of this.#changes.witnesses) witness.guardCollection(this);
  }

  addIndex(definition: BsonDocument): void {
    this.requireUnused();
    const index = new Index(definition, this.#compileFilter);
    for (const document of this.#documents.values()) {
      const keys = index.keysOf(document.view);
      this.#refuseTaken(index, keys, document);
      index.add(keys, document.idKey);
    }
    this.#indexes.set(index.name, index);
    this.recordChange();
  }

  dropIndex(name: string): boolean {
    this.requireUnused();
    this.recordChange();
    return this.#indexes.delete(name);
  }

  /** Records that its options, or the definitions of its indexes, change. */
  recordChange(): void {
    this.#changes.recordCollection(this);
  }

  #write(idKey: string, document: StoredDocument | undefined): void {
    const before = this.#documents.get(idKey);
    this.put(idKey, document);
    this.#changes.record(this, idKey, before);
  }

  #guard(idKey: string): void {
    for (const witness of this.#changes.witnesses) witness.guardDocument(this, idKey);
  }

  /** Finds every fault before anything is changed: also keys that cannot be made. */
  #check(document: StoredDocument): void {
    for (const index of this.#indexes.values()) {
      if (index.name === '_id_') continue;
      const keys = index.keysOf(document.view);
      if (!index.unique) continue;
      this.#refuseTaken(index, keys, document);
      for (const witness of this.#changes.witnesses) witness.guardKeys(this, index.name, keys);
    }
  }

  #refuseTaken(index: Index, keys: readonly string[], document: StoredDocument): void {
    if (!index.unique) return;
    for (const key of keys) {
      for (const owner of index.find(key)) {
        if (owner === document.idKey) continue;
        this.#guard(owner);
        const pattern = index.definition.get('key');
        throw duplicateKey(this.namespace, index.name, pattern, index.valuesUnder(key, document));
      }
    }
  }
}
