import type { View } from '../bson/values.ts';
import type { Collection } from './collection.ts';

/** Splits the full name of a collection. */
export function splitNamespace(namespace: string): [database: string, name: string] {
  const dot = namespace.indexOf('.');
  return [namespace.slice(0, dot), namespace.slice(dot + 1)];
}

/** The collections that a command uses, by name: the stored ones, or those of a transaction. */
export interface Namespaces {
  find(database: string, name: string): Collection | undefined;
  /**
   * Returns the collection, and creates it if it does not exist.
   *
   * @throws MongoCommandError 73 for an invalid name
   */
  open(database: string, name: string, options?: View): Collection;
}
