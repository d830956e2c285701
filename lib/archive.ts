import { createHash } from 'node:crypto';
import { type Model, Types, trusted } from 'mongoose';
import type { Catalog } from './catalog.ts';
import { secondary } from './connections.ts';
import { requireMatch } from './etag.ts';
import { type ArchivedRecord, archiveOn } from './models/archived.ts';
import { ensureIndexes } from './models/indexes.ts';
import type { ProductRecord } from './models/product.ts';
import { takenKey } from './mongo-errors.ts';
import { behindCursor, type Order, type Page, pageOf } from './page.ts';
import { NotFound } from './problems.ts';
import { readProduct } from './products.ts';
import { retryOnce } from './retry.ts';
import type { ArchivedProduct } from './schemas/archive.ts';
import type { AdmittedStore } from './stores.ts';

/**
 * Moves a product from its catalog to the archive: it is written there, and then deleted here in the
 * version that was written. No transaction spans two servers, so each step can be repeated, and the
 * archive keeps the newest version that it was given. After a crash the same call goes on: until it does,
 * the product is in its catalog.
 *
 * A product that the archive has already is archived: a repeated call succeeds.
 *
 * @param ifMatch the value of If-Match: then it is archived in that version only
 * @throws {NotFound} when neither the catalog nor the archive has it
 * @throws {StaleTag} when it has another version than `ifMatch`
 */
export async function moveToArchive(
  catalog: Catalog,
  { id, ifMatch }: { id: string; ifMatch: string | undefined },
  signal: AbortSignal,
): Promise<void> {
  const archive = await openArchive(signal);
  let copied: number | undefined;
  // Once more when somebody changed the product between the two steps.
  for (;;) {
    const product = await readUnlessArchived(archive, catalog, id, signal);
    if (!product) return;
    if (copied !== undefined) await discard(archive, id, copied, signal);
    requireMatch(ifMatch, product);
    await keep(archive, catalog.store, product, signal);
    copied = product.version;
    const { _id, version } = product;
    const { deletedCount } = await retryOnce(() =>
      catalog.products.deleteOne({ _id, version }, { signal }),
    );
    if (deletedCount === 1) return;
  }
}

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
  await retryOnce(() => archive.bulkWrite(operations, { ordered: false, signal }));
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
    present,
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
  return present(record);
}

type Archive = Model<ArchivedRecord>;

const newestFirst: Order = { field: 'archivedAt', direction: -1 };

/** The archive, for writing: its index is made before its first record. */
async function openArchive(signal: AbortSignal): Promise<Archive> {
  const archive = archiveOn(await secondary(signal));
  await ensureIndexes(archive, signal);
  return archive;
}

/** The product `id` of a catalog; null when the archive has it instead. */
async function readUnlessArchived(
  archive: Archive,
  catalog: Catalog,
  id: string,
  signal: AbortSignal,
): Promise<ProductRecord | null> {
  try {
    return await readProduct(catalog, id, signal);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    const store = catalog.store?.id ?? null;
    const archived = await retryOnce(() =>
      archive.findOne({ _id: id, store }, { _id: 1 }, { signal }).lean(),
    );
    if (!archived) throw error;
    return null;
  }
}

/** Writes a product into the archive, unless that has it in this version or a newer one. */
async function keep(
  archive: Archive,
  store: AdmittedStore | null,
  { _id, ...document }: ProductRecord,
  signal: AbortSignal,
): Promise<void> {
  const { version } = document;
  const record = {
    store: store?.id ?? null,
    source: 'catalog' as const,
    version,
    archivedAt: new Date(),
    document,
  };
  try {
    await retryOnce(() =>
      archive.replaceOne({ _id, version: trusted({ $lt: version }) }, record, {
        upsert: true,
        signal,
      }),
    );
  } catch (error) {
    // Nothing older was there to replace, and the _id is taken: by this version, or by a newer one.
    if (!takenKey(error)) throw error;
  }
}

/** Takes the copy of a version back that its catalog has replaced since. */
async function discard(
  archive: Archive,
  id: string,
  version: number,
  signal: AbortSignal,
): Promise<void> {
  await retryOnce(() => archive.deleteOne({ _id: id, version }, { signal }));
}

function idOf(store: AdmittedStore, document: Record<string, unknown>): Types.ObjectId {
  const hash = createHash('sha256').update(JSON.stringify([store.id, document]));
  return new Types.ObjectId(hash.digest().subarray(0, 12));
}

function present({ _id, store, source, archivedAt, document }: ArchivedRecord): ArchivedProduct {
  const id = _id.toHexString();
  return {
    id,
    ...document,
    _archive: { id, store, source, archivedAt: archivedAt.toISOString() },
  };
}
