import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import type { StoredDocument } from '../storage/document.ts';
import type { Store } from '../storage/store.ts';
import type { StoredCollection } from '../storage/stored-collection.ts';
import { recordOf, signature, writeAt } from './file-format.ts';
import { stateOf } from './journal.ts';
import { type ChangeSet, encodeChanges } from './record.ts';

/** The approximate size of a record with documents, in bytes. */
const chunkSize = 2 ** 20;

/** A data file that was just written. */
export interface Compacted {
  /** The descriptor of the file, which is open for writing. */
  readonly file: number;
  /** In bytes. */
  readonly size: number;
  /** The collections in it. */
  readonly ids: Map<StoredCollection, number>;
}

/**
 * Writes a data file with the contents of a store, and puts it in the place of the old one. It contains credentials, so
 * only its owner can read it.
 */
export function compact(
  path: string,
  store: Store,
  users: readonly object[] | undefined,
): Compacted {
  const ids = new Map<StoredCollection, number>();
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    let size = writeAt(file, signature, 0);
    for (const changes of contentsOf(store, ids, users)) {
      size = writeAt(file, recordOf(encodeChanges(changes)), size);
    }
    fsyncSync(file);
    renameSync(temporary, path);
    return { file, size, ids };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

const nothing: ChangeSet = { dropped: [], collections: [], documents: [], users: undefined };

function* contentsOf(
  store: Store,
  ids: Map<StoredCollection, number>,
  users: readonly object[] | undefined,
): Iterable<ChangeSet> {
  if (users) yield { ...nothing, users };
  for (const database of store.databaseNames()) {
    for (const collection of store.collections(database).values()) {
      const id = ids.size + 1;
      ids.set(collection, id);
      yield { ...nothing, collections: [stateOf(id, collection)] };
      for (const stored of chunksOf(collection.documents())) {
        yield { ...nothing, documents: [{ id, stored, removed: [] }] };
      }
    }
  }
}

function* chunksOf(documents: Iterable<StoredDocument>): Iterable<StoredDocument[]> {
  let chunk: StoredDocument[] = [];
  let size = 0;
  for (const document of documents) {
    chunk.push(document);
    size += document.bytes.length;
    if (size < chunkSize) continue;
    yield chunk;
    chunk = [];
    size = 0;
  }
  if (chunk.length > 0) yield chunk;
}
