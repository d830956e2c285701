import { duplicateKeyFields } from '@manystore/connections';
import { Collection } from '../documents/collection.ts';
import type { Trail, Walk, WatermarkRecord } from './watermark-record.ts';

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

/** How far the mirror has followed each store. */
export class Watermarks extends Collection<WatermarkRecord> {
  /** Returns the watermarks of some stores, by their ids. */
  async of(ids: readonly string[]): Promise<Map<string, WatermarkRecord>> {
    const records = await this.findIn('_id', ids);
    return new Map(records.map((record) => [record._id, record]));
  }

  /**
   * Saves how far a store's sync has come. Of two runs at once, each saves what is true by itself: what has been
   * followed to its end is never taken back.
   *
   * @param generation the generation in which the run began
   * @throws {Overtaken} when the store was begun from the start since
   */
  async save(
    { id, generation }: { id: string; generation: number },
    { products, archive, syncedAt, ...rest }: Progress,
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
    try {
      await this.updateOne({ _id: id, generation }, update, { upsert: true });
    } catch (error) {
      if (duplicateKeyFields(error)) throw new Overtaken();
      throw error;
    }
  }

  /** Makes the sync of stores begin from the start; what the mirror has of them stays meanwhile. */
  async startAnew(ids: readonly string[] | undefined): Promise<void> {
    // A generation that counts twice, after a broken connection, is as new as one that counts once.
    await this.updateMany(ids ? { _id: { $in: ids } } : {}, {
      $unset: { products: 1, archive: 1, name: 1 },
      $set: { settled: false },
      $inc: { generation: 1 },
    });
  }

  /** Notes that a store had its turn, so that the next run begins with the others. */
  async noteTurn(id: string): Promise<void> {
    const change = {
      $set: { triedAt: new Date() },
      $setOnInsert: { generation: 0, syncedAt: null, closed: false, settled: false },
    };
    await this.updateOne({ _id: id }, change, { upsert: true });
  }
}
