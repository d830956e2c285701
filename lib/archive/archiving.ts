import { timeLeft } from '@manystore/connections';
import { trusted } from 'mongoose';
import { serverNow } from '../connections.ts';
import { CHANGED_MEANWHILE, untilUnchanged } from '../documents/until-unchanged.ts';
import { type ExpectedVersions, isExpected, staleVersion } from '../http/etag.ts';
import type { Catalog, StoreCatalog } from '../products/catalog.ts';
import { findRecord, noSuchProduct } from '../products/products.ts';
import type { ProductRecord } from '../products/record.ts';
import { type Archive, openArchive } from './archive.ts';
import { archiveCopies } from './copies.ts';

/** The number of products that are moved at a time. */
const PAGE_SIZE = 500;
/** The time that is reserved for counting the remaining products and sending the response. */
const RESERVED_MS = 2_000;

/**
 * Moves a product from its catalog to the archive: writes it to the archive, and then deletes that version from the
 * catalog. A transaction cannot span two servers, so each step can be repeated, and the archive keeps the newest
 * version. After a crash, the product is still in its catalog, and the same call completes the move.
 *
 * If the product is already archived, the call succeeds, because it may be a retry.
 *
 * @param expected the versions that may be archived
 * @throws {NotFound} when neither the catalog nor the archive has the product
 * @throws {StaleTag} when its version, in the catalog or in the archive, is not `expected`
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
      // An earlier attempt, or one that crashed, may have left a copy of an older version, which must not remain while
      // the product exists. A copy of the current version is kept, because another call may have archived the product
      // after it was read here.
      await archive.deleteOlder(product);
      throw staleVersion(product);
    }
    await archiveCopies(archive, catalog.store, [product], await serverNow(catalog.signal));
    return (await catalog.products.deleteIfVersion(product)) ? undefined : CHANGED_MEANWHILE;
  });
}

/**
 * Checks that the archive has a product of the catalog, in an expected version.
 *
 * @throws {NotFound} when the archive does not have it
 * @throws {StaleTag} when the archived version is not `expected`
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
 * Moves all products of a store to the archive, in pages, with the same steps as {@link moveToArchive}. It stops when
 * the store is empty, or when little time is left, but always moves at least one page.
 *
 * @param since the earliest `archivedAt`, because {@link serverNow} can be some milliseconds behind
 * @returns how many products remain in the store
 */
export async function moveAllToArchive(
  { store, products, signal }: StoreCatalog,
  since: Date,
): Promise<number> {
  const archive = await openArchive(signal);
  let last: ProductRecord | undefined;
  do {
    // Each page starts after the previous one. A query from the start would scan the products that were just deleted.
    const afterLast = last ? { _id: trusted({ $gt: last._id }) } : {};
    const order = { sort: { _id: 1 }, limit: PAGE_SIZE, batchSize: PAGE_SIZE } as const;
    const page = await products.find(afterLast, order);
    if (page.length === 0 && !last) return 0;
    if (page.length > 0) {
      const now = await serverNow(signal);
      await archiveCopies(archive, store, page, now > since ? now : since);
      await products.deleteVersions(page);
    }
    // After the last page, start again, because products may have been changed or added in the meantime.
    last = page.length < PAGE_SIZE ? undefined : page.at(-1);
  } while (timeLeft(signal) > RESERVED_MS);
  return products.count();
}
