import type { View } from '../bson/values.ts';
import type { Collection } from './collection.ts';

/** Collections by name, as a command sees them: those that are stored, or a transaction's. */
export interface Namespaces {
  find(database: string, name: string): Collection | undefined;
  /**
   * The collection, made if it is not there.
   *
   * @throws MongoCommandError 73 for a name that is none
   */
  open(database: string, name: string, options?: View): Collection;
}
