import type { UUID } from 'bson';
import type { View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { Changes } from './changes.ts';
import { checkCollectionName } from './collection.ts';
import type { FilterCompiler } from './index.ts';
import type { Namespaces } from './namespaces.ts';
import { StoredCollection } from './stored-collection.ts';

const forbidden = /[\0/\\. "$]/;

function checkDatabaseName(database: string): void {
  if (database === '' || database.length > 63 || forbidden.test(database)) {
    throw new MongoCommandError(73, `Invalid database name: '${database}'`);
  }
}

/** All databases of the server. Writes create databases and collections implicitly. */
export class Store implements Namespaces {
  /** What its collections tell open transactions. */
  readonly changes = new Changes<StoredCollection>();
  readonly #databases = new Map<string, Map<string, StoredCollection>>();
  readonly #compileFilter: FilterCompiler;

  /** @param compileFilter decides which documents a partial index contains */
  constructor(compileFilter: FilterCompiler) {
    this.#compileFilter = compileFilter;
  }

  databaseNames(): string[] {
    return [...this.#databases.keys()].sort();
  }

  collections(database: string): Map<string, StoredCollection> {
    return this.#databases.get(database) ?? new Map();
  }

  find(database: string, name: string): StoredCollection | undefined {
    return this.#databases.get(database)?.get(name);
  }

  /** @throws MongoCommandError 73 for an invalid name, WriteConflict */
  open(database: string, name: string, options: View = {}): StoredCollection {
    const known = this.find(database, name);
    if (known) return known;
    const namespace = this.nameFor(database, name);
    for (const witness of this.changes.witnesses) witness.guardName(namespace);
    const collection = this.create(namespace, options);
    this.adopt(database, name, collection);
    return collection;
  }

  /**
   * The full name of a collection that is to be made.
   *
   * @throws MongoCommandError 73 for an invalid name
   */
  nameFor(database: string, name: string): string {
    checkDatabaseName(database);
    return `${database}.${checkCollectionName(name)}`;
  }

  /** Creates a collection that is not part of the store until it is adopted. */
  create(namespace: string, options: View, uuid?: UUID): StoredCollection {
    return new StoredCollection(namespace, options, this.changes, this.#compileFilter, uuid);
  }

  /** Takes in a collection that was made elsewhere, in the place of any other of its name. */
  adopt(database: string, name: string, collection: StoredCollection): void {
    let collections = this.#databases.get(database);
    if (!collections) {
      collections = new Map();
      this.#databases.set(database, collections);
    }
    const replaced = collections.get(name);
    if (replaced) this.changes.recordCollection(replaced);
    collection.namespace = `${database}.${name}`;
    collections.set(name, collection);
    this.changes.recordCollection(collection);
  }

  /** @throws WriteConflict while a transaction uses the collection */
  drop(database: string, name: string): StoredCollection | undefined {
    const collections = this.#databases.get(database);
    const dropped = collections?.get(name);
    if (!dropped) return undefined;
    dropped.requireUnused();
    this.changes.recordCollection(dropped);
    collections?.delete(name);
    if (collections?.size === 0) this.#databases.delete(database);
    return dropped;
  }

  /** @throws WriteConflict while a transaction uses one of its collections */
  dropDatabase(database: string): boolean {
    const dropped = [...this.collections(database).values()];
    for (const collection of dropped) collection.requireUnused();
    for (const collection of dropped) this.changes.recordCollection(collection);
    return this.#databases.delete(database);
  }

  /**
   * Gives a collection another name, in the place of any other that has it.
   *
   * @throws WriteConflict while a transaction uses either
   */
  rename(from: readonly [string, string], to: readonly [string, string]): void {
    const [source, target] = [this.find(...from), this.find(...to)];
    if (!source) return;
    source.requireUnused();
    target?.requireUnused();
    this.drop(...from);
    this.adopt(...to, source);
  }

  /**
   * Drops every database, regardless of transactions.
   *
   * @throws MongoCommandError 14031 if the journal cannot be written
   */
  clear(): void {
    for (const database of this.#databases.values()) {
      for (const collection of database.values()) this.changes.recordCollection(collection);
    }
    this.#databases.clear();
    this.changes.settle();
  }
}
