import { ensureIndexes } from '@manystore/connections';
import { secondary } from '../connections.ts';
import { VersionedCollection } from '../documents/versioned-collection.ts';
import type { ProductRecord } from '../products/record.ts';
import { type MirroredProduct, mirrorOn } from './record.ts';
import { watermarksOn } from './watermark-record.ts';
import { Watermarks } from './watermarks.ts';

/*
 * The writes to the mirror. Each of them can be repeated, and concurrent runs are safe, because a product is only
 * replaced by a newer version of itself.
 */

export type Mirror = VersionedCollection<MirroredProduct>;

/** Opens the mirror and its watermarks for writing, after creating their indexes if they do not exist. */
export async function openMirror(
  signal: AbortSignal,
): Promise<{ mirror: Mirror; watermarks: Watermarks }> {
  const connection = await secondary(signal);
  const mirror = mirrorOn(connection);
  const watermarks = watermarksOn(connection);
  await ensureIndexes(mirror, signal);
  await ensureIndexes(watermarks, signal);
  return {
    mirror: new VersionedCollection(mirror, signal),
    watermarks: new Watermarks(watermarks, signal),
  };
}

/**
 * Writes products of a store to the mirror, except those that it has in the same or a newer version.
 *
 * @returns how many were written
 */
export async function copyProducts(
  mirror: Mirror,
  { id, name }: { id: string; name: string },
  products: ProductRecord[],
): Promise<number> {
  const newer = await mirror.newerThanStored(products);
  await mirror.replaceOlder(newer.map((product) => ({ ...product, store: { id, name } })));
  return newer.length;
}

/**
 * Deletes archived products of a store from the mirror, except those that it has in a newer version.
 *
 * @returns how many were deleted
 */
export async function removeProducts(
  mirror: Mirror,
  store: { id: string },
  products: Pick<ProductRecord, '_id' | 'version'>[],
): Promise<number> {
  if (products.length === 0) return 0;
  const operations = products.map(({ _id, version }) => ({
    deleteOne: { filter: { _id, 'store.id': store.id, version: { $lte: version } } },
  }));
  return (await mirror.bulk(operations)).deletedCount;
}

/** Sets the store name of a store's mirrored products, where it differs. */
export async function renameStore(
  mirror: Mirror,
  { id, name }: { id: string; name: string },
): Promise<void> {
  const outdated = { 'store.id': id, 'store.name': { $ne: name } };
  await mirror.updateMany(outdated, { $set: { 'store.name': name } });
}

const BATCH_SIZE = 1_000;

/**
 * Deletes a batch of a store's products from the mirror. It is small enough for the server to respond before the
 * socket times out.
 *
 * @returns how many were deleted; 0 when none remain
 */
export async function removeBatch(mirror: Mirror, store: { id: string }): Promise<number> {
  const own = { 'store.id': store.id };
  const options = { fields: ['_id'], limit: BATCH_SIZE, batchSize: BATCH_SIZE } as const;
  const ids = await mirror.collect(own, options, async (products) => {
    const found: MirroredProduct['_id'][] = [];
    for await (const { _id } of products) found.push(_id);
    return found;
  });
  if (ids.length > 0) await mirror.deleteMany({ ...own, _id: { $in: ids } });
  return ids.length;
}
