import type { UUID } from 'bson';
import type { BsonDocument, View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import type { StoredDocument } from './document.ts';
import type { IndexReader } from './index.ts';

/** The documents of one collection and its indexes: as they are stored, or in a transaction. */
export interface Collection {
  readonly namespace: string;
  readonly options: View;
  readonly uuid: UUID;
  readonly size: number;
  /** The one on `_id` first. */
  readonly indexes: readonly IndexReader[];
  /** Every index as listIndexes answers it. */
  readonly definitions: BsonDocument[];
  documents(): Iterable<StoredDocument>;
  get(idKey: string): StoredDocument | undefined;
  /**
   * Adds a document.
   *
   * @throws MongoCommandError 11000, WriteConflict; the collection is then as it was
   */
  insert(document: StoredDocument): void;
  /**
   * Puts a new version in the place of one that is stored; both have the same `_id`.
   *
   * @throws MongoCommandError 11000, WriteConflict; the old version then stays
   */
  replace(old: StoredDocument, document: StoredDocument): void;
  /** @throws WriteConflict */
  remove(document: StoredDocument): void;
  /**
   * Builds an index over what is there.
   *
   * @throws MongoCommandError 11000 when two documents share a key of a unique index, which is
   *   then not added; 263 in a transaction that has not made the collection itself
   */
  addIndex(definition: BsonDocument): void;
  dropIndex(name: string): boolean;
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
