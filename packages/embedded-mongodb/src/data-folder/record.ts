import { readExact, readView } from '../bson/read.ts';
import { type BsonDocument, isView, type View } from '../bson/values.ts';
import { write } from '../bson/write.ts';
import type { StoredDocument } from '../storage/document.ts';

/** A collection as it is after a change, without its documents. */
export interface CollectionState {
  /** Identifies the collection in its file; a rename does not change it. */
  readonly id: number;
  readonly namespace: string;
  readonly uuid: unknown;
  readonly options: View;
  /** The definitions of its indexes, without that of the index on `_id`. */
  readonly indexes: readonly BsonDocument[];
}

/** The documents of a collection that have changed. */
export interface DocumentChanges {
  /** The id of the collection. */
  readonly id: number;
  /** As they are now. */
  readonly stored: readonly StoredDocument[];
  /** As they were before they were removed. */
  readonly removed: readonly StoredDocument[];
}

/** What a command, or a transaction, has changed: the states of what it touched, and not the steps to them. */
export interface ChangeSet {
  /** The ids of dropped collections. */
  readonly dropped: readonly number[];
  readonly collections: readonly CollectionState[];
  readonly documents: readonly DocumentChanges[];
  /** All users, if they have changed. */
  readonly users: readonly object[] | undefined;
}

/** Whether nothing has changed. */
export function isEmpty({ dropped, collections, documents, users }: ChangeSet): boolean {
  return !users && dropped.length + collections.length + documents.length === 0;
}

/** Encodes changes as BSON: a document about them, followed by the documents as they are stored. */
export function encodeChanges({ dropped, collections, documents, users }: ChangeSet): Buffer {
  const head: View = {};
  if (dropped.length > 0) head.dropped = dropped;
  if (collections.length > 0) head.collections = collections;
  if (documents.length > 0) {
    head.documents = documents.map(({ id, stored, removed }) => ({
      ...{ id, stored: stored.length, removed: removed.length },
    }));
  }
  if (users) head.users = users;
  const parts = [write(head)];
  for (const { stored, removed } of documents) {
    for (const { bytes } of stored) parts.push(bytes);
    for (const document of removed) parts.push(write({ _id: document.exact().get('_id') }));
  }
  return Buffer.concat(parts);
}

/** Decoded changes. */
export interface DecodedChanges {
  readonly dropped: readonly number[];
  readonly collections: readonly CollectionState[];
  readonly documents: readonly {
    readonly id: number;
    /** The bytes of each document, which are not shared. */
    readonly stored: readonly Buffer[];
    /** The `_id` of each removed document, as in a view. */
    readonly removed: readonly unknown[];
  }[];
  readonly users: readonly View[] | undefined;
}

/** Splits bytes into the documents that they consist of. */
function* documentsIn(bytes: Buffer): Iterator<Buffer, undefined> {
  for (let at = 0; at < bytes.length; ) {
    const end = at + bytes.readInt32LE(at);
    yield bytes.subarray(at, end);
    at = end;
  }
}

/**
 * Decodes what `encodeChanges` returned.
 *
 * @throws an error of any kind for other bytes
 */
export function decodeChanges(payload: Buffer): DecodedChanges {
  const parts = documentsIn(payload);
  const next = (): Buffer => {
    const { value } = parts.next();
    if (!value) throw new RangeError('a document is missing');
    return value;
  };
  const head = next();
  const view = readView(head);
  const exact = readExact(head);
  const definitions = (exact.get('collections') ?? []) as BsonDocument[];
  const viewsOf = (name: string): View[] => ((view[name] ?? []) as unknown[]).filter(isView);
  return {
    dropped: (view.dropped ?? []) as number[],
    collections: viewsOf('collections').map(({ id, namespace, uuid, options }, at) => ({
      ...{ id: Number(id), namespace: String(namespace), uuid, options: options as View },
      indexes: definitions[at]?.get('indexes') as BsonDocument[],
    })),
    documents: viewsOf('documents').map(({ id, stored, removed }) => ({
      id: Number(id),
      stored: Array.from({ length: Number(stored) }, () => Buffer.from(next())),
      removed: Array.from({ length: Number(removed) }, () => readView(next())._id),
    })),
    users: view.users === undefined ? undefined : viewsOf('users'),
  };
}
