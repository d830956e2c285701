import type { View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { Collection, checkCollectionName } from './collection.ts';

const forbidden = /[\0/\\. "$]/;

/** Every database of the server. Databases and collections come into being by a write. */
export class Store {
  readonly #databases = new Map<string, Map<string, Collection>>();

  databaseNames(): string[] {
    return [...this.#databases.keys()].sort();
  }

  collections(database: string): Map<string, Collection> {
    return this.#databases.get(database) ?? new Map();
  }

  find(database: string, name: string): Collection | undefined {
    return this.#databases.get(database)?.get(name);
  }

  /**
   * The collection, made if it is not there.
   *
   * @throws MongoCommandError 73 for a name that is none
   */
  open(database: string, name: string, options: View = {}): Collection {
    const known = this.find(database, name);
    if (known) return known;
    if (database === '' || database.length > 63 || forbidden.test(database)) {
      throw new MongoCommandError(73, `Invalid database name: '${database}'`);
    }
    const collection = new Collection(`${database}.${checkCollectionName(name)}`, options);
    let collections = this.#databases.get(database);
    if (!collections) {
      collections = new Map();
      this.#databases.set(database, collections);
    }
    collections.set(name, collection);
    return collection;
  }

  drop(database: string, name: string): Collection | undefined {
    const collections = this.#databases.get(database);
    const dropped = collections?.get(name);
    collections?.delete(name);
    if (collections?.size === 0) this.#databases.delete(database);
    return dropped;
  }

  dropDatabase(database: string): boolean {
    return this.#databases.delete(database);
  }

  clear(): void {
    this.#databases.clear();
  }
}
