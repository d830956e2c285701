import { timeLeft } from '@manystore/connections';
import { trusted } from 'mongoose';
import { CHANGED_MEANWHILE, untilUnchanged } from '../documents/until-unchanged.ts';
import { type ExpectedVersions, isExpected, staleVersion } from '../http/etag.ts';
import type { Catalog, StoreCatalog } from '../products/catalog.ts';
import { findRecord, noSuchProduct } from '../products/products.ts';
import type { ProductRecord } from '../products/record.ts';
import { type Archive, openArchive } from './archive.ts';
import { keepCopies } from './copies.ts';

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
): Promise<void> {
  const archive = await openArchive(catalog.signal);
  await untilUnchanged(async () => {
    const product = await findRecord(catalog, id);
    if (!product) return requireArchived(archive, catalog, { id, expected });
    if (!isExpected(expected, product)) {
      // An older version may have been copied, here or before a crash: a product that lives on is not archived. The
      // current one stays, because another call may have deleted the product since it was read.
      await archive.deleteOlder(product);
      throw staleVersion(product);
    }
    await keepCopies(archive, catalog.store, [product]);
    return (await catalog.products.deleteIfVersion(product)) ? undefined : CHANGED_MEANWHILE;
  });
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
): Promise<void> {
  const own = { _id: id, store: store?.id ?? null, source: 'catalog' as const };
  const archived = await archive.findOne(own, { fields: ['version'] });
  if (!archived) throw noSuchProduct();
  if (!isExpected(expected, archived)) throw staleVersion(archived);
}

/**
 * Moves every product of a store to the archive, in pages, each as {@link moveToArchive} does it. It continues until
 * a look from the start finds no product, or until its time runs low; it always moves one page.
 *
 * @returns how many products are left
 */
export async function moveAllToArchive({ store, products, signal }: StoreCatalog): Promise<number> {
  const archive = await openArchive(signal);
  let last: ProductRecord | undefined;
  do {
    // Behind the last page, not always from the start: the products there were just deleted, which makes a look slow.
    const behind = last ? { _id: trusted({ $gt: last._id }) } : {};
    const order = { sort: { _id: 1 }, limit: PAGE, batchSize: PAGE } as const;
    const page = await products.find(behind, order);
    if (page.length === 0 && !last) return 0;
    if (page.length > 0) {
      await keepCopies(archive, store, page);
      await products.deleteVersions(page);
    }
    // After the last page, from the start: products may have been changed or added meanwhile.
    last = page.length < PAGE ? undefined : page.at(-1);
  } while (timeLeft(signal) > WIND_UP_MS);
  return products.count();
}
