import { duplicateKeyFields, retryOnce } from '@manystore/connections';
import { type Model, trusted } from 'mongoose';
import type { Trail, Walk, WatermarkRecord } from './watermark-record.ts';

export type Watermarks = Model<WatermarkRecord>;

/** A store was begun from the start while this run was at it: what this run knows of it counts no more. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** What is saved of a store's sync: only what is given changes. */
export interface Progress {
  products?: Trail;
  archive?: Trail;
  name?: string;
  syncedAt?: Date;
  closed?: boolean;
  settled?: boolean;
}

/** A trail whose walk has come to its end. */
export const ended = ({ startedAt }: Walk): Trail => ({ through: startedAt, walk: null });

/** The watermarks of some stores, by their ids. */
export async function readWatermarks(
  watermarks: Watermarks,
  ids: string[],
  signal: AbortSignal,
): Promise<Map<string, WatermarkRecord>> {
  const records = await retryOnce(() =>
    watermarks
      .find({ _id: trusted({ $in: ids }) }, null, { signal, batchSize: ids.length })
      .lean<WatermarkRecord[]>(),
  );
  return new Map(records.map((record) => [record._id, record]));
}

/**
 * Saves how far a store's sync has come. Of two runs at once, each saves what is true by itself: what has
 * been followed to its end is never taken back.
 *
 * @param generation the one in which the run began
 * @throws {Overtaken} when the store was begun from the start since
 */
export async function saveProgress(
  watermarks: Watermarks,
  { id, generation }: { id: string; generation: number },
  { products, archive, syncedAt, ...rest }: Progress,
  signal: AbortSignal,
): Promise<void> {
  const latest = {
    ...(products?.through ? { 'products.through': products.through } : {}),
    ...(archive?.through ? { 'archive.through': archive.through } : {}),
    ...(syncedAt ? { syncedAt } : {}),
  };
  const update = {
    $set: {
      ...(products ? { 'products.walk': products.walk ?? null } : {}),
      ...(archive ? { 'archive.walk': archive.walk ?? null } : {}),
      closed: false,
      settled: false,
      ...rest,
      triedAt: new Date(),
    },
    ...(Object.keys(latest).length > 0 ? { $max: latest } : {}),
  };
  const own = { _id: id as never, generation };
  try {
    await retryOnce(() => watermarks.collection.updateOne(own, update, { upsert: true, signal }));
  } catch (error) {
    if (duplicateKeyFields(error)) throw new Overtaken();
    throw error;
  }
}

/** Lets the sync of stores begin from the start; what the mirror has of them stays meanwhile. */
export async function startAnew(
  watermarks: Watermarks,
  ids: string[] | undefined,
  signal: AbortSignal,
): Promise<void> {
  const filter = ids ? { _id: { $in: ids as never[] } } : {};
  const change = {
    $unset: { products: 1 as const, archive: 1 as const, name: 1 as const },
    $set: { settled: false },
    $inc: { generation: 1 },
  };
  await retryOnce(() => watermarks.collection.updateMany(filter, change, { signal }));
}
