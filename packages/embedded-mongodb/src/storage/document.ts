import { readExact, readView } from '../bson/read.ts';
import { sortKey } from '../bson/sort-key.ts';
import type { BsonDocument, View } from '../bson/values.ts';

const originals = new WeakMap<View, StoredDocument>();

/**
 * One version of a document. It never changes: a write puts another version in its place, so that
 * whoever holds one (a cursor, a snapshot) keeps reading what it found.
 * The bytes are what clients sent and get back; the view is what the query engine sees.
 */
export class StoredDocument {
  readonly bytes: Buffer;
  readonly view: View;
  readonly idKey: string;

  /**
   * @param bytes the whole document, with `_id`; not shared with a socket's buffer
   * @throws MalformedBson
   */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.view = readView(bytes);
    this.idKey = sortKey(this.view._id);
    originals.set(this.view, this);
  }

  /** The exact values, decoded anew: the caller may change them. */
  exact(): BsonDocument {
    return readExact(this.bytes);
  }
}

/**
 * The stored document that a view belongs to.
 *
 * @param view what came out of the query engine
 * @returns the document if a pipeline passed it on untouched, so that it can be sent as stored
 */
export function originalOf(view: View): StoredDocument | undefined {
  return originals.get(view);
}
