import { serverNow } from '../connections.ts';
import { CHANGED_MEANWHILE, untilUnchanged } from '../documents/until-unchanged.ts';
import type { IdempotencyKey } from '../http/idempotency-key.ts';
import { runExactlyOnce } from '../idempotency/idempotency.ts';
import { type StoreCatalog, within } from '../products/catalog.ts';
import { findRecord, insertRecord, productFrom, replaceRecord } from '../products/products.ts';
import type { Product } from '../products/schema.ts';
import { type Archive, openArchive, readArchived } from './archive.ts';
import { type Correction, restoredFrom } from './revival.ts';

interface Restoration {
  /** The id of the archived record, and of the product that it becomes. */
  id: string;
  patch: Correction;
}

/**
 * Restores an archived record to its store, as a product that matches the current schema. The product keeps its id, and
 * its version is higher than the archived one. It is first written to the store, and then its older copy is deleted
 * from the archive. Each step can be repeated, and after a crash in between the product is in both.
 *
 * Without a key, a retry of a successful call fails with {@link NotFound}, because the record is no longer in the
 * archive. With a key, the retry returns the first response.
 *
 * @throws {NotFound} when the store's archive has no such record
 * @throws {Drifted} when the record, after applying the patch, is not a valid product
 * @throws {DuplicateKey} when the store has another product with its SKU
 */
export async function restoreFromArchive(
  catalog: StoreCatalog,
  restoration: Restoration,
  key: IdempotencyKey | undefined,
): Promise<Product> {
  const archive = await openArchive(catalog.signal);
  return untilUnchanged(async () => {
    try {
      const restored = await runExactlyOnce(catalog, key, (session) =>
        writeRestored(archive, within(catalog, session), restoration),
      );
      // This also runs when the result was already recorded: the first call may have been interrupted before it.
      await deleteArchivedCopy(archive, catalog, restored.id);
      return restored;
    } catch (error) {
      if (error instanceof ConcurrentChange) return CHANGED_MEANWHILE;
      throw error;
    }
  });
}

/** Another call has changed the product since it was read. It is thrown to abort the key's transaction. */
class ConcurrentChange extends Error {
  override readonly name = 'ConcurrentChange';
}

/**
 * Writes the product to its store, unless the store already has it in a version above the archived one.
 *
 * @throws {ConcurrentChange} when another call has changed the product since it was read
 */
async function writeRestored(
  archive: Archive,
  catalog: StoreCatalog,
  { id, patch }: Restoration,
): Promise<Product> {
  const archived = await readArchived(archive, catalog.store, id);
  const live = await findRecord(catalog, id);
  // An earlier call wrote the product, and was interrupted before it deleted the archived copy.
  if (live && live.version > archived.version) return productFrom(live, catalog);
  const record = restoredFrom(archived, patch, await serverNow(catalog.signal));
  // A product with the version of its archived copy is being archived, or its archiving was interrupted. With the new
  // version it remains in the store, because archiving deletes only the version that it copied.
  const isWritten = live
    ? await replaceRecord(catalog, live, record)
    : await insertRecord(catalog, record);
  if (!isWritten) throw new ConcurrentChange();
  return productFrom(record, catalog);
}

/**
 * Deletes the archived copy of a product that is in its store, if the copy is older. A newer copy means that the product
 * was archived again, and may be the only one. If both have the same version, the product may be about to be deleted by
 * archiving. Its version is then raised, which prevents that, and the copy is compared again.
 */
function deleteArchivedCopy(
  archive: Archive,
  { store, products, signal }: StoreCatalog,
  id: string,
): Promise<void> {
  return untilUnchanged(async () => {
    const live = await products.findOne({ _id: id }, { fields: ['version'] });
    const copy = await archive.findOne({ _id: id, store: store.id }, { fields: ['version'] });
    if (!live || !copy) return;
    if (live.version > copy.version) return archive.deleteOlder(live);
    await products.updateIfVersion(live, {
      $set: { version: copy.version + 1, updatedAt: await serverNow(signal) },
    });
    return CHANGED_MEANWHILE;
  });
}
