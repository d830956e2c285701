import { createHash } from 'node:crypto';
import { ensureIndexes, retryOnce } from '@manystore/connections';
import { type Model, Types } from 'mongoose';
import { secondary } from '../connections.ts';
import { behindCursor, type Order, type Page, pageOf } from '../http/page.ts';
import { NotFound } from '../http/problems.ts';
import type { AdmittedStore } from '../stores/registry.ts';
import { type ArchivedRecord, archiveOn } from './record.ts';
import type { ArchivedProduct } from './schema.ts';

/**
 * Takes old records into a store's archive, as they are. A record's id is made of what it says, so that
 * records that come again, after a fault or in another list, change nothing.
 *
 * @returns the ids, in the order of the records
 */
export async function ingestRecords(
  store: AdmittedStore,
  documents: Record<string, unknown>[],
  signal: AbortSignal,
): Promise<string[]> {
  const archive = await openArchive(signal);
  const archivedAt = new Date();
  const records = documents.map((document) => ({
    _id: idOf(store, document),
    store: store.id,
    source: 'ingest' as const,
    version: 1,
    archivedAt,
    document,
  }));
  const operations = records.map(({ _id, ...fields }) => ({
    updateOne: { filter: { _id }, update: { $setOnInsert: fields }, upsert: true },
  }));
  // The driver's own: mongoose takes some names in a record for its own, and leaves such records out.
  await retryOnce(() => archive.collection.bulkWrite(operations, { ordered: false, signal }));
  return records.map(({ _id }) => _id.toHexString());
}

/** A page of a store's archive, the newest first. */
export async function pageOfArchive(
  store: AdmittedStore,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  signal: AbortSignal,
): Promise<Page<ArchivedProduct>> {
  const list = ['archive', store.id];
  const conditions = [{ store: store.id }, ...behindCursor(newestFirst, list, cursor)];
  const archive = archiveOn(await secondary(signal));
  const records = await retryOnce(() =>
    archive
      .find({ $and: conditions }, null, { signal })
      .sort({ archivedAt: -1, _id: -1 })
      .limit(limit + 1)
      .lean<ArchivedRecord[]>(),
  );
  return pageOf(records, {
    limit,
    list,
    present: archivedProductFrom,
    positionOf: ({ archivedAt, _id }) => [archivedAt, _id],
  });
}

/**
 * The record `id` of a store's archive.
 *
 * @throws {NotFound} when it is not there
 */
export async function findArchived(
  store: AdmittedStore,
  id: string,
  signal: AbortSignal,
): Promise<ArchivedProduct> {
  const archive = archiveOn(await secondary(signal));
  const record = await retryOnce(() =>
    archive.findOne({ _id: id, store: store.id }, null, { signal }).lean<ArchivedRecord>(),
  );
  if (!record) throw new NotFound('There is no such product in the archive.');
  return archivedProductFrom(record);
}

/** The archive, as its model. */
export type Archive = Model<ArchivedRecord>;

const newestFirst: Order = { field: 'archivedAt', direction: -1 };

/** The archive, for writing: its index is made before its first record. */
export async function openArchive(signal: AbortSignal): Promise<Archive> {
  const archive = archiveOn(await secondary(signal));
  await ensureIndexes(archive, signal);
  return archive;
}

function idOf(store: AdmittedStore, document: Record<string, unknown>): Types.ObjectId {
  const hash = createHash('sha256').update(JSON.stringify([store.id, document]));
  return new Types.ObjectId(hash.digest().subarray(0, 12));
}

/** Returns the product of an archived record, as a response shows it. */
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
