import { closeSync, fsyncSync, ftruncateSync } from 'node:fs';
import { MongoCommandError } from '../errors.ts';
import type { Journal } from '../storage/changes.ts';
import type { StoredDocument } from '../storage/document.ts';
import { splitNamespace } from '../storage/namespaces.ts';
import type { Store } from '../storage/store.ts';
import type { StoredCollection } from '../storage/stored-collection.ts';
import { recordOf, writeAt } from './file-format.ts';
import {
  type ChangeSet,
  type CollectionState,
  type DocumentChanges,
  encodeChanges,
  isEmpty,
} from './record.ts';

/** Describes a collection for a record. */
export const stateOf = (id: number, collection: StoredCollection): CollectionState => ({
  ...{ id, namespace: collection.namespace, uuid: collection.uuid, options: collection.options },
  indexes: collection.definitions.slice(1),
});

/**
 * Appends the changes of each command to a data file.
 *
 * It notes what a command touches, and writes the state of that when the command is done: one record, in one synchronous
 * write. So nobody reads what is not in the file, and a change that is undone needs no care.
 */
export class FileJournal implements Journal<StoredCollection> {
  readonly #store: Store;
  readonly #file: number;
  #size: number;
  /** Whether a failed write may have left bytes after the last record. */
  #hasRest = false;
  /** The collections in the file. */
  readonly #ids: Map<StoredCollection, number>;
  #lastId: number;
  readonly #collections = new Set<StoredCollection>();
  /** The touched documents by their `_id` keys, as they are in the file. */
  readonly #documents = new Map<StoredCollection, Map<string, StoredDocument | undefined>>();
  #users: readonly object[] | undefined;

  /**
   * @param file the descriptor of the data file, which contains the whole store
   * @param size the size of the file in bytes
   * @param ids the collections in the file
   */
  constructor(store: Store, file: number, size: number, ids: Map<StoredCollection, number>) {
    this.#store = store;
    this.#file = file;
    this.#size = size;
    this.#ids = ids;
    this.#lastId = ids.size;
  }

  documentChanged(
    collection: StoredCollection,
    idKey: string,
    before: StoredDocument | undefined,
  ): void {
    let touched = this.#documents.get(collection);
    if (!touched) {
      touched = new Map();
      this.#documents.set(collection, touched);
    }
    if (!touched.has(idKey)) touched.set(idKey, before);
  }

  collectionChanged(collection: StoredCollection): void {
    this.#collections.add(collection);
  }

  /**
   * Writes all users.
   *
   * @throws MongoCommandError 14031 if the file cannot be written
   */
  usersChanged(users: readonly object[]): void {
    this.#users = users;
    this.commit();
  }

  /**
   * Writes what has been touched since the last record. If that fails, the next call tries it again.
   *
   * @throws MongoCommandError 14031 if the file cannot be written
   */
  commit(): void {
    if (this.#collections.size === 0 && this.#documents.size === 0 && !this.#users) return;
    const gone = [...this.#collections].filter((collection) => !this.#isStored(collection));
    const changes: ChangeSet = {
      dropped: gone.flatMap((collection) => this.#ids.get(collection) ?? []),
      collections: this.#collectionStates(),
      documents: this.#documentChanges(),
      users: this.#users,
    };
    if (!isEmpty(changes)) this.#append(encodeChanges(changes));
    for (const collection of gone) this.#ids.delete(collection);
    this.#collections.clear();
    this.#documents.clear();
    this.#users = undefined;
  }

  /** Writes the file to the disk, and closes it. */
  close(): void {
    fsyncSync(this.#file);
    closeSync(this.#file);
  }

  #append(payload: Buffer): void {
    try {
      if (this.#hasRest) ftruncateSync(this.#file, this.#size);
      this.#hasRest = false;
      this.#size = writeAt(this.#file, recordOf(payload), this.#size);
    } catch (error) {
      this.#hasRest = true;
      throw new MongoCommandError(
        14031,
        `Cannot write to the data folder: ${(error as Error).message}`,
      );
    }
  }

  #isStored(collection: StoredCollection): boolean {
    return this.#store.find(...splitNamespace(collection.namespace)) === collection;
  }

  #collectionStates(): CollectionState[] {
    const states: CollectionState[] = [];
    for (const collection of this.#collections) {
      if (!this.#isStored(collection)) continue;
      let id = this.#ids.get(collection);
      if (id === undefined) {
        this.#lastId += 1;
        id = this.#lastId;
        this.#ids.set(collection, id);
      }
      states.push(stateOf(id, collection));
    }
    return states;
  }

  #documentChanges(): DocumentChanges[] {
    const changes: DocumentChanges[] = [];
    for (const [collection, touched] of this.#documents) {
      const id = this.#ids.get(collection);
      if (id === undefined || !this.#isStored(collection)) continue;
      const stored: StoredDocument[] = [];
      const removed: StoredDocument[] = [];
      for (const [idKey, before] of touched) {
        const document = collection.get(idKey);
        if (document) stored.push(document);
        else if (before) removed.push(before);
      }
      if (stored.length + removed.length > 0) changes.push({ id, stored, removed });
    }
    return changes;
  }
}
