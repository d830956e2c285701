import { retryOnce, timeLeft } from '@manystore/connections';
import { type ExpectedVersions, isExpected, staleVersion } from '../http/etag.ts';
import type { Catalog } from '../products/catalog.ts';
import { findRecord, noSuchProduct } from '../products/products.ts';
import type { ProductRecord } from '../products/record.ts';
import { type Archive, openArchive } from './archive.ts';
import { discardOlderCopy, keepCopies } from './copies.ts';

/** How many products are moved at once. */
const PAGE = 500;
/** Milliseconds that are kept back for the end: to count, and to answer. */
const WIND_UP_MS = 2_000;

/**
 * Moves a product from its catalog to the archive: it is written to the archive, and then deleted from the catalog in
 * the version that was written. No transaction spans two servers, so each step can be repeated, and the archive keeps
 * the newest version that it was given. After a crash, the same call completes the move; until then, the product is
 * in its catalog.
 *
 * If the archive has the product already, the call succeeds: it may be a retry.
 *
 * @param expected the versions in which it may be archived
 * @throws {NotFound} when neither the catalog nor the archive has it
 * @throws {StaleTag} when it has, or left the catalog in, none of the `expected` versions
 */
export async function moveToArchive(
  catalog: Catalog,
  { id, expected }: { id: string; expected: ExpectedVersions },
  signal: AbortSignal,
): Promise<void> {
  const archive = await openArchive(signal);
  // Anew each time that somebody changed the product between the two steps: at the latest, the deadline
  // ends it.
  for (;;) {
    const product = await findRecord(catalog, id, signal);
    if (!product) return requireArchived(archive, catalog, { id, expected }, signal);
    const { _id, version } = product;
    if (!isExpected(expected, product)) {
      // An older version may have been copied, here or before a crash: a product that lives on is not archived.
      await discardOlderCopy(archive, product, signal);
      throw staleVersion(product);
    }
    await keepCopies(archive, catalog.store, [product], signal);
    const { deletedCount } = await retryOnce(() =>
      catalog.products.deleteOne({ _id, version }, { signal }),
    );
    if (deletedCount === 1) return;
  }
}

/**
 * Checks that the archive has the product `id`, as it left its catalog.
 *
 * @throws {NotFound} when it does not
 * @throws {StaleTag} when the product left in none of the `expected` versions
 */
async function requireArchived(
  archive: Archive,
  { store }: Catalog,
  { id, expected }: { id: string; expected: ExpectedVersions },
  signal: AbortSignal,
): Promise<void> {
  const filter = { _id: id, store: store?.id ?? null, source: 'catalog' as const };
  const archived = await retryOnce(() =>
    archive.findOne(filter, { version: 1 }, { signal }).lean(),
  );
  if (!archived) throw noSuchProduct();
  if (!isExpected(expected, archived)) throw staleVersion(archived);
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
