import { readExact, readView } from '../bson/read.ts';
import { sortKey } from '../bson/sort-key.ts';
import type { BsonDocument, View } from '../bson/values.ts';

const originals = new WeakMap<View, StoredDocument>();

/**
 * An immutable version of a document. A write replaces it with a new version, so that cursors and
 * snapshots keep the version that they found. The bytes are those that the client sent and receives;
 * the query engine works on the view.
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

  /** Decodes the exact values. Each call returns a new copy, which the caller may change. */
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
