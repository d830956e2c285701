import { duplicateKeyFields, retryOnce } from '@manystore/connections';
import type { mongo } from 'mongoose';
import { faultsOf } from '../http/faults.ts';
import type { IdempotencyKey } from '../http/idempotency-key.ts';
import { mergePatch } from '../http/merge-patch.ts';
import { Drifted, NotFound } from '../http/problems.ts';
import { once } from '../idempotency/idempotency.ts';
import type { StoreCatalog } from '../products/catalog.ts';
import { insertRecord, productFrom, takenSku } from '../products/products.ts';
import type { ProductRecord } from '../products/record.ts';
import { type Product, type ProductInput, productInput } from '../products/schema.ts';
import { searchTerms } from '../products/search-terms.ts';
import { type Archive, openArchive } from './archive.ts';
import { discardOlderCopy } from './copies.ts';
import type { ArchivedRecord } from './record.ts';

interface Restoration {
  /** The id of the archived record, and of the product that it becomes. */
  id: string;
  /** Laid over the record, as a merge patch: it puts right what has drifted. */
  patch: Record<string, unknown> | undefined;
}

/**
 * Brings an archived record back into its store, as today's schema has products. It keeps its id, and gets
 * a version above the archived one. The product is written first, and then the archive's copy goes, if it
 * is older: each step can be repeated, and in between the product is in both places, never in none.
 *
 * Without a key, a call that is repeated after its answer was lost finds the record gone: the archive then
 * knows nothing of it, and a product in the store may be any. With one, it gets the first answer again.
 *
 * @throws {NotFound} when the store's archive has no such record
 * @throws {Drifted} when the record, with the patch over it, is not a valid product
 * @throws {DuplicateKey} when the store has another product with its SKU
 */
export async function restoreFromArchive(
  catalog: StoreCatalog,
  restoration: Restoration,
  key: IdempotencyKey | undefined,
): Promise<Product> {
  const { signal } = catalog;
  const archive = await openArchive(signal);
  for (;;) {
    try {
      const restored = await once(catalog, key, (session) =>
        bringBack(archive, catalog, restoration, signal, session),
      );
      // Also behind an answer that is recorded for the key: the first call may not have come this far.
      await leaveInOnePlace(archive, catalog, restored.id, signal);
      return restored;
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
    }
  }
}

/** Another call has changed the product since it was looked at: it is to be looked at again. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** Writes the product into its store, unless it lives there already in a version above the archived one. */
async function bringBack(
  archive: Archive,
  { store, products }: StoreCatalog,
  { id, patch }: Restoration,
  signal: AbortSignal,
  session: mongo.ClientSession | undefined,
): Promise<Product> {
  const archived = await readArchived(archive, { _id: id, store: store.id }, signal);
  const options = { signal, ...(session ? { session } : {}) };
  const live = await retryOnce(
    () => products.findOne({ _id: id }, { terms: 0 }, options).lean<ProductRecord>(),
    session,
  );
  // A restoration before this one brought it back, and did not come to the end.
  if (live && live.version > archived.version) return productFrom(live, store);
  const record = recordOf(archived, patch);
  // One that lives in the version of its copy is being archived, or that did not come to the end. In its new
  // version it stays: the archiving deletes it in the old one only.
  const isWritten = live
    ? await replaceRecord(products, live, record, options)
    : await insertRecord({ products }, record, signal, session);
  if (!isWritten) throw new Overtaken();
  return productFrom(record, store);
}

/** @throws {NotFound} when it is not there */
async function readArchived(
  archive: Archive,
  filter: { _id: string; store: string },
  signal: AbortSignal,
): Promise<ArchivedRecord> {
  const archived = await retryOnce(() =>
    archive.findOne(filter, null, { signal }).lean<ArchivedRecord>(),
  );
  if (!archived) throw new NotFound('There is no such product in the archive.');
  return archived;
}

/** The product that an archived record becomes. */
function recordOf(archived: ArchivedRecord, patch: Restoration['patch']): ProductRecord {
  const input = inputOf(archived, patch);
  const { createdAt } = archived.document;
  const now = new Date();
  return {
    _id: archived._id,
    ...input,
    terms: searchTerms(input),
    version: archived.version + 1,
    createdAt: archived.source === 'catalog' && createdAt instanceof Date ? createdAt : now,
    updatedAt: now,
  };
}

/** What a caller can write of an archived record, with the patch over it. */
function inputOf({ source, document }: ArchivedRecord, patch: Restoration['patch']): ProductInput {
  const { id, store, version, createdAt, updatedAt, terms, ...writable } = document;
  const result = productInput.safeParse(
    mergePatch(source === 'catalog' ? writable : document, patch ?? {}),
  );
  if (result.success) return result.data;
  throw new Drifted(
    'The record is not a product as they are today. Send what puts it right, as a merge patch.',
    { errors: faultsOf('archive', result.error) },
  );
}

/** Writes `record` over a product that is still in the version `live`, and tells whether it was. */
async function replaceRecord(
  products: StoreCatalog['products'],
  { version }: ProductRecord,
  { _id, ...record }: ProductRecord,
  options: { signal: AbortSignal; session?: mongo.ClientSession },
): Promise<boolean> {
  try {
    const { matchedCount } = await retryOnce(
      () => products.collection.replaceOne({ _id, version }, record, options),
      options.session,
    );
    return matchedCount === 1;
  } catch (error) {
    if (duplicateKeyFields(error)) throw takenSku(record.sku, error);
    throw error;
  }
}

/**
 * Takes the copy of a product that lives out of the archive. Only one that is older than what lives: a newer
 * one has come from archiving the product again, and may be all there is. If both are of one version, that
 * may be going on just now, or was overtaken by this call; the product lives on in a version above.
 */
async function leaveInOnePlace(
  archive: Archive,
  { store, products }: StoreCatalog,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const versionOnly = { version: 1 };
  for (;;) {
    const live = await retryOnce(() =>
      products.findOne({ _id: id }, versionOnly, { signal }).lean(),
    );
    const copy = await retryOnce(() =>
      archive.findOne({ _id: id, store: store.id }, versionOnly, { signal }).lean(),
    );
    if (!live || !copy) return;
    if (live.version > copy.version) return discardOlderCopy(archive, live, signal);
    const above = { $set: { version: copy.version + 1 } };
    await retryOnce(() =>
      products.updateOne({ _id: id, version: live.version }, above, { signal }),
    );
  }
}
