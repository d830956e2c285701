import { CHANGED_MEANWHILE, untilUnchanged } from '../documents/until-unchanged.ts';
import type { IdempotencyKey } from '../http/idempotency-key.ts';
import { once } from '../idempotency/idempotency.ts';
import { type StoreCatalog, within } from '../products/catalog.ts';
import { findRecord, insertRecord, productFrom, replaceRecord } from '../products/products.ts';
import type { Product } from '../products/schema.ts';
import { type Archive, openArchive, readArchived } from './archive.ts';
import { type Correction, revivedFrom } from './revival.ts';

interface Restoration {
  /** The id of the archived record, and of the product that it becomes. */
  id: string;
  patch: Correction;
}

/**
 * Restores an archived record to its store, as a product of today's schema. It keeps its id, and gets a version above
 * the archived one. The product is written first, and then the archive's copy is deleted, if it is older: each step
 * can be repeated, and in between the product is in both places, never in none.
 *
 * Without a key, a call that is retried after its response was lost finds the record gone: the archive then knows
 * nothing of it, and a product in the store may be any. With a key, it gets the first response again.
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
  const archive = await openArchive(catalog.signal);
  return untilUnchanged(async () => {
    try {
      const restored = await once(catalog, key, (session) =>
        bringBack(archive, within(catalog, session), restoration),
      );
      // Also after a result that is recorded for the key: the first call may have been cut off before this.
      await leaveInOnePlace(archive, catalog, restored.id);
      return restored;
    } catch (error) {
      if (error instanceof Overtaken) return CHANGED_MEANWHILE;
      throw error;
    }
  });
}

/** Another call has changed the product since it was read. It is thrown, so that the key's transaction ends. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/**
 * Writes the product to its store, unless it is there already in a version above the archived one.
 *
 * @throws {Overtaken} when another call has changed the product since it was read
 */
async function bringBack(
  archive: Archive,
  catalog: StoreCatalog,
  { id, patch }: Restoration,
): Promise<Product> {
  const archived = await readArchived(archive, catalog.store, id);
  const live = await findRecord(catalog, id);
  // An earlier restoration wrote it, and was cut off before its second step.
  if (live && live.version > archived.version) return productFrom(live, catalog.store);
  const record = revivedFrom(archived, patch);
  // A product in the version of its copy is being archived, or its archiving was cut off. In its new version it
  // stays: archiving deletes it in the old one only.
  const isWritten = live
    ? await replaceRecord(catalog, live, record)
    : await insertRecord(catalog, record);
  if (!isWritten) throw new Overtaken();
  return productFrom(record, catalog.store);
}

/**
 * Deletes the archive's copy of a product that is in its store. Only a copy that is older: a newer one has come from
 * archiving the product again, and may be all there is. If both have one version, archiving may be under way, or was
 * overtaken by this call; the product then lives on in a version above.
 */
function leaveInOnePlace(
  archive: Archive,
  { store, products }: StoreCatalog,
  id: string,
): Promise<void> {
  return untilUnchanged(async () => {
    const live = await products.findOne({ _id: id }, { fields: ['version'] });
    const copy = await archive.findOne({ _id: id, store: store.id }, { fields: ['version'] });
    if (!live || !copy) return;
    if (live.version > copy.version) return archive.deleteOlder(live);
    const above = { version: copy.version + 1, updatedAt: new Date() };
    await products.updateIfVersion(live, { $set: above });
    return CHANGED_MEANWHILE;
  });
}
