import { duplicateKeyFields } from '@manystore/connections';
import { Collection } from '../documents/collection.ts';
import type { Scan, ScanProgress, WatermarkRecord } from './watermark-record.ts';

/** The sync of a store was restarted while this run was syncing it, so the progress of this run is obsolete. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** The changed members of a watermark. */
export interface Progress {
  products?: ScanProgress;
  archive?: ScanProgress;
  name?: string;
  syncedAt?: Date;
  closed?: boolean;
  settled?: boolean;
}

/** Returns the progress after a scan is complete. */
export const completed = ({ startedAt }: Scan): ScanProgress => ({
  through: startedAt,
  walk: null,
});

/** The watermarks of all stores. */
export class Watermarks extends Collection<WatermarkRecord> {
  /** Returns the watermarks of some stores, by store id. */
  async findByIds(ids: readonly string[]): Promise<Map<string, WatermarkRecord>> {
    const records = await this.findIn('_id', ids);
    return new Map(records.map((record) => [record._id, record]));
  }

  /**
   * Saves the progress of a store's sync. Concurrent runs cannot undo each other's progress, because the times of
   * complete scans only increase.
   *
   * @param generation the generation of the watermark when the run began
   * @throws {Superseded} when the sync of the store was restarted since then
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
      },
      $currentDate: { triedAt: true },
      ...(Object.keys(latest).length > 0 ? { $max: latest } : {}),
    };
    try {
      await this.updateOne({ _id: id, generation }, update, { upsert: true });
    } catch (error) {
      if (duplicateKeyFields(error)) throw new Superseded();
      throw error;
    }
  }

  /** Records that the mirror includes all changes before `at` of all stores that were ever synced, except for some. */
  async confirm(at: Date, { except }: { except: readonly string[] }): Promise<void> {
    const others = { _id: { $nin: except }, closed: false, syncedAt: { $lt: at } };
    await this.updateMany(others, { $max: { syncedAt: at } });
  }

  /** Records that stores were checked, and had not changed before `at`, unless their sync was restarted since. */
  async recordChecks(
    checked: readonly Pick<WatermarkRecord, '_id' | 'generation'>[],
    at: Date,
  ): Promise<void> {
    if (checked.length === 0) return;
    const update = {
      $max: { 'products.through': at, 'archive.through': at, syncedAt: at },
      $currentDate: { triedAt: true },
    };
    await this.bulk(
      checked.map(({ _id, generation }) => ({
        updateOne: { filter: { _id, generation }, update },
      })),
    );
  }

  /** Makes the next sync of stores start from the beginning. Their mirrored products are kept. */
  async restart(ids: readonly string[] | undefined): Promise<void> {
    // If this runs twice, after a broken connection, the generation is increased twice, which does no harm.
    await this.updateMany(ids ? { _id: { $in: ids } } : {}, {
      $unset: { products: 1, archive: 1, name: 1 },
      $set: { settled: false },
      $inc: { generation: 1 },
    });
  }

  /** Records an attempt to sync a store, so that the next run starts with other stores. */
  async recordAttempt(id: string): Promise<void> {
    const change = {
      $currentDate: { triedAt: true },
      $setOnInsert: { generation: 0, syncedAt: null, closed: false, settled: false },
    };
    await this.updateOne({ _id: id }, change, { upsert: true });
  }
}
