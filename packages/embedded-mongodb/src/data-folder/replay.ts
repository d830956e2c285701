import type { Binary } from 'bson';
import { UUID } from 'bson';
import { sortKey } from '../bson/sort-key.ts';
import { type BsonDocument, put, type View } from '../bson/values.ts';
import { write } from '../bson/write.ts';
import { StoredDocument } from '../storage/document.ts';
import { splitNamespace } from '../storage/namespaces.ts';
import type { Store } from '../storage/store.ts';
import type { StoredCollection } from '../storage/stored-collection.ts';
import { type CollectionState, decodeChanges } from './record.ts';

/** Applies the records of a data file to a store. */
export class Replay {
  readonly #store: Store;
  readonly #collections = new Map<number, StoredCollection>();
  /** The users of the last record that has any. */
  users: readonly View[] | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @throws an error of any kind for a record that does not match those before it */
  apply(payload: Buffer): void {
    const { dropped, collections, documents, users } = decodeChanges(payload);
    this.users = users ?? this.users;
    // Names become free first, because collections may have exchanged theirs.
    for (const id of [...dropped, ...collections.map(({ id }) => id)]) this.#takeOut(id);
    for (const id of dropped) this.#collections.delete(id);
    const indexes = collections.map((described) => this.#describe(described));
    for (const { id, stored, removed } of documents) {
      const collection = this.#existing(id);
      for (const _id of removed) collection.put(sortKey(_id), undefined);
      for (const bytes of stored) {
        const document = new StoredDocument(bytes);
        collection.put(document.idKey, document);
      }
    }
    // At last, since a unique index may not fit the documents before the change.
    for (const addMissing of indexes) addMissing();
  }

  #takeOut(id: number): void {
    const collection = this.#collections.get(id);
    if (collection) this.#store.drop(...splitNamespace(collection.namespace));
  }

  /** Gives a collection its name and options, and drops outdated indexes. Returns a function that adds the others. */
  #describe({ id, namespace, uuid, options, indexes }: CollectionState): () => void {
    let collection = this.#collections.get(id);
    if (!collection) {
      collection = this.#store.create(namespace, {}, new UUID((uuid as Binary).value()));
      this.#collections.set(id, collection);
    }
    this.#store.adopt(...splitNamespace(namespace), collection);
    for (const name of Object.keys(collection.options)) delete collection.options[name];
    for (const [name, value] of Object.entries(options)) put(collection.options, name, value);
    const existing = collection.definitions.slice(1);
    const kept = commonLength(existing, indexes);
    for (const definition of existing.slice(kept)) collection.dropIndex(nameOf(definition));
    return () => {
      for (const definition of indexes.slice(kept)) collection.addIndex(definition);
    };
  }

  #existing(id: number): StoredCollection {
    const collection = this.#collections.get(id);
    if (!collection) throw new RangeError(`there is no collection ${id}`);
    return collection;
  }
}

const nameOf = (definition: BsonDocument) => String(definition.get('name'));

/** Returns how many definitions are the same from the beginning, so that the order of the indexes stays. */
function commonLength(a: readonly BsonDocument[], b: readonly BsonDocument[]): number {
  const encoded = b.map((definition) => write(definition));
  const different = a.findIndex((definition, at) => {
    const other = encoded[at];
    return !other || !write(definition).equals(other);
  });
  return different < 0 ? a.length : different;
}
