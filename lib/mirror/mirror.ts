import { ensureIndexes, isDuplicateKeyBulk, retryOnce } from '@manystore/connections';
import type { Model } from 'mongoose';
import { secondary } from '../connections.ts';
import type { ProductRecord } from '../products/record.ts';
import { type MirroredProduct, mirrorOn } from './record.ts';
import { watermarksOn } from './watermark-record.ts';
import type { Watermarks } from './watermarks.ts';

/*
 * What is written into the mirror. Each write can be repeated, and two runs at once do no harm: a product
 * is only ever replaced by a newer version of itself.
 */

export type Mirror = Model<MirroredProduct>;

/** The mirror and its watermarks, for writing: their indexes are made before the first product. */
export async function openMirror(
  signal: AbortSignal,
): Promise<{ mirror: Mirror; watermarks: Watermarks }> {
  const connection = await secondary(signal);
  const mirror = mirrorOn(connection);
  const watermarks = watermarksOn(connection);
  await ensureIndexes(mirror, signal);
  await ensureIndexes(watermarks, signal);
  return { mirror, watermarks };
}

/**
 * Writes products of a store into the mirror, unless that has them in the same or a newer version.
 *
 * @returns how many were written
 */
export async function copyProducts(
  mirror: Mirror,
  store: { id: string; name: string },
  products: ProductRecord[],
  signal: AbortSignal,
): Promise<number> {
  const owner = { id: store.id, name: store.name };
  let newer = await newerThanMirrored(mirror, products, signal);
  const written = newer.length;
  while (newer.length > 0) {
    const operations = newer.map((product) => ({
      replaceOne: {
        filter: { _id: product._id, version: { $lt: product.version } },
        replacement: { ...product, store: owner },
        upsert: true,
      },
    }));
    try {
      await retryOnce(() => mirror.collection.bulkWrite(operations, { ordered: false, signal }));
      break;
    } catch (error) {
      // Another run wrote some of them first: in this version, a newer one, or an older one, which the
      // next round replaces.
      if (!isDuplicateKeyBulk(error)) throw error;
      newer = await newerThanMirrored(mirror, newer, signal);
    }
  }
  return written;
}

async function newerThanMirrored(
  mirror: Mirror,
  products: ProductRecord[],
  signal: AbortSignal,
): Promise<ProductRecord[]> {
  const ids = products.map(({ _id }) => _id);
  const options = { projection: { version: 1 }, batchSize: ids.length, signal };
  const mirrored = await retryOnce(() =>
    mirror.collection.find({ _id: { $in: ids } }, options).toArray(),
  );
  const versions = new Map(mirrored.map(({ _id, version }) => [String(_id), version]));
  return products.filter(({ _id, version }) => version > (versions.get(String(_id)) ?? 0));
}

/**
 * Takes products of a store out of the mirror, unless it has a newer version than the one that left.
 *
 * @returns how many it had
 */
export async function removeProducts(
  mirror: Mirror,
  store: { id: string },
  products: Pick<ProductRecord, '_id' | 'version'>[],
  signal: AbortSignal,
): Promise<number> {
  if (products.length === 0) return 0;
  const operations = products.map(({ _id, version }) => ({
    deleteOne: { filter: { _id, 'store.id': store.id, version: { $lte: version } } },
  }));
  const { deletedCount } = await retryOnce(() =>
    mirror.collection.bulkWrite(operations, { ordered: false, signal }),
  );
  return deletedCount;
}

/** Gives the mirrored products of a store the name that it has now, where they have another one. */
export async function renameStore(
  mirror: Mirror,
  { id, name }: { id: string; name: string },
  signal: AbortSignal,
): Promise<void> {
  const other = { 'store.id': id, 'store.name': { $ne: name } };
  await retryOnce(() =>
    mirror.collection.updateMany(other, { $set: { 'store.name': name } }, { signal }),
  );
}

const BATCH = 1_000;

/**
 * Takes some products of a store out of the mirror: a batch, so that no server is asked for more than it
 * does before the socket's time is up.
 *
 * @returns how many; none when there are none left
 */
export async function removeSome(
  mirror: Mirror,
  store: { id: string },
  signal: AbortSignal,
): Promise<number> {
  const own = { 'store.id': store.id };
  const options = { projection: { _id: 1 }, limit: BATCH, batchSize: BATCH, signal };
  const some = await retryOnce(() => mirror.collection.find(own, options).toArray());
  if (some.length === 0) return 0;
  const ids = some.map(({ _id }) => _id);
  await retryOnce(() => mirror.collection.deleteMany({ ...own, _id: { $in: ids } }, { signal }));
  return ids.length;
}
