import { retryOnce, timeLeft } from '@manystore/connections';
import { isMatch, staleTag } from '../http/etag.ts';
import { NotFound } from '../http/problems.ts';
import type { Catalog } from '../products/catalog.ts';
import { readProduct } from '../products/products.ts';
import type { ProductRecord } from '../products/record.ts';
import { type Archive, openArchive } from './archive.ts';
import { discardOlderCopy, keepCopies } from './copies.ts';

/** How many products are moved at once. */
const PAGE = 500;
/** Milliseconds that are kept back for the end: to count, and to answer. */
const WIND_UP_MS = 2_000;

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
      await discardOlderCopy(archive, product, signal);
      throw staleTag(product);
    }
    await keepCopies(archive, catalog.store, [product], signal);
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

/**
 * Moves every product of a store to the archive, in pages, each as {@link moveToArchive} does it. It goes on
 * until a look from the start finds no product, or until its time runs low; one page it always moves.
 *
 * @returns how many products are left
 */
export async function moveAllToArchive(
  { store, products }: Catalog,
  signal: AbortSignal,
): Promise<number> {
  const archive = await openArchive(signal);
  let last: ProductRecord | undefined;
  do {
    const page = await readPage(products, last, signal);
    if (page.length === 0 && !last) return 0;
    if (page.length > 0) {
      await keepCopies(archive, store, page, signal);
      await deleteVersions(products, page, signal);
    }
    // Behind the last page, from the start: products may have been changed or added meanwhile.
    last = page.length < PAGE ? undefined : page.at(-1);
  } while (timeLeft(signal) > WIND_UP_MS);
  return retryOnce(() => products.collection.countDocuments({}, { signal }));
}

/** The first products behind `last`. Not always the first of all: those were just deleted, which makes a look slow. */
function readPage(
  products: Catalog['products'],
  last: ProductRecord | undefined,
  signal: AbortSignal,
): Promise<ProductRecord[]> {
  const behind = last ? { _id: { $gt: last._id } } : {};
  const page = {
    projection: { terms: 0 },
    sort: { _id: 1 },
    limit: PAGE,
    batchSize: PAGE,
  } as const;
  return retryOnce(() =>
    products.collection.find<ProductRecord>(behind, { ...page, signal }).toArray(),
  );
}

/** Deletes products that are still in the version that was read. */
async function deleteVersions(
  products: Catalog['products'],
  page: ProductRecord[],
  signal: AbortSignal,
): Promise<void> {
  const deletes = page.map(({ _id, version }) => ({ deleteOne: { filter: { _id, version } } }));
  await retryOnce(() => products.collection.bulkWrite(deletes, { ordered: false, signal }));
}
