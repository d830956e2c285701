import { trusted } from 'mongoose';
import { type Archive, openArchive } from './archive.ts';
import type { Catalog } from './catalog.ts';
import { requireMatch } from './etag.ts';
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
