import { createHash } from 'node:crypto';
import { ensureIndexes } from '@manystore/connections';
import { Types } from 'mongoose';
import { secondary, serverNow } from '../connections.ts';
import { VersionedCollection } from '../documents/versioned-collection.ts';
import { afterCursor, type Order } from '../http/keyset.ts';
import { type Page, pageOf } from '../http/page.ts';
import { NotFound } from '../http/problems.ts';
import type { AdmittedStore } from '../stores/registry.ts';
import { type ArchivedRecord, archiveOn } from './record.ts';
import type { ArchivedProduct } from './schema.ts';

/**
 * Adds records of any shape to a store's archive. The id of a record is a hash of its content, so a record that is
 * sent again, in a retry or in another list, changes nothing.
 *
 * @returns the ids, in the order of the records
 */
export async function ingestRecords(
  store: AdmittedStore,
  documents: Record<string, unknown>[],
  signal: AbortSignal,
): Promise<string[]> {
  const archive = await openArchive(signal);
  const archivedAt = await serverNow(signal);
  const records = documents.map((document) => ({
    _id: idOf(store, document),
    store: store.id,
    source: 'ingest' as const,
    version: 1,
    archivedAt,
    document,
  }));
  await archive.insertMissing(records);
  return records.map(({ _id }) => _id.toHexString());
}

/** Returns a page of a store's archive, newest first. */
export async function pageOfArchive(
  store: AdmittedStore,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  signal: AbortSignal,
): Promise<Page<ArchivedProduct>> {
  const list = ['archive', store.id];
  const conditions = [{ store: store.id }, ...afterCursor(newestFirst, list, cursor)];
  const archive = await readArchive(signal);
  const records = await archive.find(
    { $and: conditions },
    { sort: { archivedAt: -1, _id: -1 }, limit: limit + 1 },
  );
  return pageOf(records, {
    limit,
    list,
    toItem: archivedProductFrom,
    positionOf: ({ archivedAt, _id }) => [archivedAt, _id],
  });
}

/**
 * Returns the product `id` of a store's archive.
 *
 * @throws {NotFound} when there is no such product
 */
export async function findArchived(
  store: AdmittedStore,
  id: string,
  signal: AbortSignal,
): Promise<ArchivedProduct> {
  return archivedProductFrom(await readArchived(await readArchive(signal), store, id));
}

/**
 * Returns the record `id` of a store's archive.
 *
 * @throws {NotFound} when there is no such record
 */
export async function readArchived(
  archive: Archive,
  store: AdmittedStore,
  id: string,
): Promise<ArchivedRecord> {
  const record = await archive.findOne({ _id: id, store: store.id });
  if (!record) throw new NotFound("The store's archive has no record with this id.");
  return record;
}

/** The archived records of all stores, and of the head catalog. */
export type Archive = VersionedCollection<ArchivedRecord>;

const newestFirst: Order = { field: 'archivedAt', direction: -1 };

/** Opens the archive for reading. */
export const readArchive = async (signal: AbortSignal): Promise<Archive> =>
  new VersionedCollection(archiveOn(await secondary(signal)), signal);

/** Opens the archive for writing, after creating its indexes if they do not exist. */
export async function openArchive(signal: AbortSignal): Promise<Archive> {
  const model = archiveOn(await secondary(signal));
  await ensureIndexes(model, signal);
  return new VersionedCollection(model, signal);
}

function idOf(store: AdmittedStore, document: Record<string, unknown>): Types.ObjectId {
  const hash = createHash('sha256').update(JSON.stringify([store.id, document]));
  return new Types.ObjectId(hash.digest().subarray(0, 12));
}

/** Converts an archived record to the product in a response. */
function archivedProductFrom({
  _id,
  store,
  source,
  archivedAt,
  document,
}: ArchivedRecord): ArchivedProduct {
  const id = _id.toHexString();
  return {
    id,
    ...document,
    _archive: { id, store, source, archivedAt: archivedAt.toISOString() },
  };
}
