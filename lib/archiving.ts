import { trusted } from 'mongoose';
import { type Archive, openArchive } from './archive.ts';
import type { Catalog } from './catalog.ts';
import { isMatch, staleTag } from './etag.ts';
import type { ProductRecord } from './models/product.ts';
import { takenKey } from './mongo-errors.ts';
import { NotFound } from './problems.ts';
import { readProduct } from './products.ts';
import { retryOnce } from './retry.ts';
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
  // Anew each time that somebody changed the product between the two steps: at the latest, the deadline
  // ends it.
  for (;;) {
    const product = await readUnlessArchived(archive, catalog, { id, ifMatch }, signal);
    if (!product) return;
    const { _id, version } = product;
    if (!isMatch(ifMatch, product)) {
      // Whoever copied an older version, here or before a crash: what lives on is not archived.
      await discard(archive, product, signal);
      throw staleTag(product);
    }
    await keep(archive, catalog.store, product, signal);
    const { deletedCount } = await retryOnce(() =>
      catalog.products.deleteOne({ _id, version }, { signal }),
    );
    if (deletedCount === 1) return;
  }
}

/**
 * The product `id` of a catalog; null when the archive has it instead, as it left the catalog.
 *
 * @throws {NotFound} when neither has it
 * @throws {StaleTag} when it left in another version than `ifMatch`
 */
async function readUnlessArchived(
  archive: Archive,
  catalog: Catalog,
  { id, ifMatch }: { id: string; ifMatch: string | undefined },
  signal: AbortSignal,
): Promise<ProductRecord | null> {
  try {
    return await readProduct(catalog, id, signal);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    const store = catalog.store?.id ?? null;
    const filter = { _id: id, store, source: 'catalog' as const };
    const archived = await retryOnce(() =>
      archive.findOne(filter, { version: 1 }, { signal }).lean(),
    );
    if (!archived) throw error;
    if (!isMatch(ifMatch, archived)) throw staleTag(archived);
    return null;
  }
}

/** Writes a product into the archive, unless that has it in this version or a newer one. */
async function keep(
  archive: Archive,
  store: AdmittedStore | null,
  { _id, ...product }: ProductRecord,
  signal: AbortSignal,
): Promise<void> {
  const { version } = product;
  const document = { ...product, ...(store ? { store: { id: store.id, name: store.name } } : {}) };
  const record = {
    store: store?.id ?? null,
    source: 'catalog' as const,
    version,
    archivedAt: new Date(),
    document,
  };
  for (;;) {
    try {
      const older = { _id, version: { $lt: version } };
      const options = { upsert: true, signal };
      await retryOnce(() => archive.collection.replaceOne(older, record, options));
      return;
    } catch (error) {
      if (!takenKey(error)) throw error;
    }
    // Nothing older was there to replace, and then the _id was taken: by this version or a newer one, or by
    // an older one that another call wrote just then, which the next round replaces.
    const sameOrNewer = { _id, version: trusted({ $gte: version }) };
    if (await retryOnce(() => archive.findOne(sameOrNewer, { _id: 1 }, { signal }).lean())) return;
  }
}

/**
 * Takes back what the archive has of a version that its catalog has replaced. Not of the current one:
 * another call may have deleted the product since it was read, and that copy is then all there is.
 */
async function discard(
  archive: Archive,
  { _id, version }: ProductRecord,
  signal: AbortSignal,
): Promise<void> {
  const filter = { _id, version: trusted({ $lt: version }) };
  await retryOnce(() => archive.deleteOne(filter, { signal }));
}
