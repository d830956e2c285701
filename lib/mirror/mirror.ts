import { ensureIndexes } from '@manystore/connections';
import { secondary } from '../connections.ts';
import { VersionedCollection } from '../documents/versioned-collection.ts';
import type { ProductRecord } from '../products/record.ts';
import { type MirroredProduct, mirrorOn } from './record.ts';
import { watermarksOn } from './watermark-record.ts';
import { Watermarks } from './watermarks.ts';

/*
 * What is written to the mirror. Each write can be repeated, and two runs at once do no harm: a product is only ever
 * replaced by a newer version of itself.
 */

export type Mirror = VersionedCollection<MirroredProduct>;

/** Opens the mirror and its watermarks for writing: their indexes are created before the first product. */
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
 * Writes products of a store to the mirror, each unless the mirror has it in the same or a newer version.
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
 * Deletes products of a store from the mirror, each unless the mirror has a newer version than the one that left.
 *
 * @returns how many the mirror had
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

/** Renames a store on its mirrored products, where they have another name. */
export async function renameStore(
  mirror: Mirror,
  { id, name }: { id: string; name: string },
): Promise<void> {
  const other = { 'store.id': id, 'store.name': { $ne: name } };
  await mirror.updateMany(other, { $set: { 'store.name': name } });
}

const BATCH = 1_000;

/**
 * Deletes some products of a store from the mirror: a batch, so that the server has answered before the socket's
 * time is up.
 *
 * @returns how many; none when there are none left
 */
export async function removeSome(mirror: Mirror, store: { id: string }): Promise<number> {
  const own = { 'store.id': store.id };
  const options = { fields: ['_id'], limit: BATCH, batchSize: BATCH } as const;
  const ids = await mirror.collect(own, options, async (products) => {
    const found: MirroredProduct['_id'][] = [];
    for await (const { _id } of products) found.push(_id);
    return found;
  });
  if (ids.length > 0) await mirror.deleteMany({ ...own, _id: { $in: ids } });
  return ids.length;
}
