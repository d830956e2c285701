import type { View } from '../bson/values.ts';
import { deferred } from '../deferred.ts';
import type { Witness } from './changes.ts';
import { WriteConflict } from './conflict.ts';
import type { StoredDocument } from './document.ts';
import { type Namespaces, splitNamespace } from './namespaces.ts';
import type { Store } from './store.ts';
import type { StoredCollection } from './stored-collection.ts';
import { TransactionCollection } from './transaction-collection.ts';

/**
 * A snapshot of every database from the start of the transaction, with the transaction's own changes.
 * Others see these changes only after the commit. Conflicting writes are rejected, or wait, as soon as
 * the transaction has changed a document.
 */
export class Transaction implements Namespaces, Witness<StoredCollection> {
  readonly #store: Store;
  readonly #collections = new Map<StoredCollection, TransactionCollection>();
  /** The collections that it creates, by namespace. */
  readonly #made = new Map<string, TransactionCollection>();
  readonly #ended = deferred<void>();
  #isOpen = true;

  constructor(store: Store) {
    this.#store = store;
    store.changes.join(this);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  find(database: string, name: string): TransactionCollection | undefined {
    const made = this.#made.get(`${database}.${name}`);
    if (made) return made;
    const stored = this.#store.find(database, name);
    if (!stored) return undefined;
    const collection = this.#seen(stored);
    collection.isUsed = true;
    return collection;
  }

  open(database: string, name: string, options: View = {}): TransactionCollection {
    const known = this.find(database, name);
    if (known) return known;
    const namespace = this.#store.nameFor(database, name);
    for (const other of this.#others()) other.guardName(namespace);
    const stored = this.#store.create(namespace, options);
    const collection = new TransactionCollection(stored, true, () => this.#others());
    this.#made.set(namespace, collection);
    return collection;
  }

  /**
   * Commits: applies the changes to the stored collections.
   *
   * @throws WriteConflict if a collection that it creates has been created meanwhile, MongoCommandError 14031 if the
   *   journal cannot be written
   */
  commit(): void {
    for (const namespace of this.#made.keys()) {
      if (this.#store.find(...splitNamespace(namespace))) {
        this.abort();
        throw new WriteConflict();
      }
    }
    this.#end();
    for (const [namespace, { stored }] of this.#made) {
      this.#store.adopt(...splitNamespace(namespace), stored);
    }
    for (const collection of [...this.#made.values(), ...this.#collections.values()]) {
      for (const [idKey, document] of collection.outcome()) {
        this.#store.changes.record(collection.stored, idKey, collection.stored.get(idKey));
        collection.stored.put(idKey, document);
      }
    }
    try {
      this.#store.changes.settle();
    } finally {
      this.#forget();
    }
  }

  /** Aborts: discards the changes. */
  abort(): void {
    if (!this.#isOpen) return;
    this.#end();
    this.#forget();
  }

  guardDocument(collection: StoredCollection, idKey: string): void {
    if (this.#collections.get(collection)?.owns(idKey)) this.#refuse();
  }

  guardKeys(collection: StoredCollection, index: string, keys: readonly string[]): void {
    if (this.#collections.get(collection)?.holdsKey(index, keys)) this.#refuse();
  }

  guardCollection(collection: StoredCollection): void {
    if (this.#collections.get(collection)?.isUsed) this.#refuse();
  }

  guardName(namespace: string): void {
    if (this.#made.has(namespace)) this.#refuse();
  }

  changed(collection: StoredCollection, idKey: string, before: StoredDocument | undefined): void {
    this.#seen(collection).changed(idKey, before);
  }

  #seen(stored: StoredCollection): TransactionCollection {
    let collection = this.#collections.get(stored);
    if (!collection) {
      collection = new TransactionCollection(stored, false, () => this.#others());
      this.#collections.set(stored, collection);
    }
    return collection;
  }

  *#others(): Iterable<Witness<StoredCollection>> {
    for (const witness of this.#store.changes.witnesses) if (witness !== this) yield witness;
  }

  #refuse(): never {
    throw new WriteConflict(this.#ended.promise);
  }

  /** Releases the memory of the snapshot, because the session may be kept for a long time. */
  #forget(): void {
    this.#collections.clear();
    this.#made.clear();
    this.#ended.resolve();
  }

  #end(): void {
    this.#isOpen = false;
    this.#store.changes.leave(this);
  }
}
