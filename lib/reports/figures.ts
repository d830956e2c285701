import type { PipelineStage } from 'mongoose';
import { secondary } from '../connections.ts';
import { VersionedCollection } from '../documents/versioned-collection.ts';
import { mirrorOn } from '../mirror/record.ts';
import { watermarksOn } from '../mirror/watermark-record.ts';
import { Watermarks } from '../mirror/watermarks.ts';
import type { Figures } from './figures-schema.ts';

/** By default, a product with at most this many units counts as low in stock. */
export const LOW_STOCK = 5;

/** Figures of a store as of `syncedAt`, which is null until its first sync is complete. */
export type DatedFigures = Figures & { syncedAt: Date | null };

/** The totals of a store's products in one currency. */
interface Sums {
  _id: { store: string; currency: string };
  products: number;
  units: number;
  amount: number;
  lowStock: number;
}

/**
 * Returns the figures of some stores, by store id, computed from the mirror. The database reads only index entries of
 * these stores, because the index contains all fields that are summed.
 *
 * Values are sums of doubles. They are exact up to 2^53 - 1 minor units, which is 90 trillion in most currencies, and
 * rounded beyond that.
 *
 * @param lowStock a product with at most this many units counts as low in stock
 */
export async function figuresOf(
  stores: readonly string[],
  { lowStock = LOW_STOCK }: { lowStock?: number },
  signal: AbortSignal,
): Promise<Map<string, DatedFigures>> {
  const connection = await secondary(signal);
  // Read before the sums, so that a concurrent sync can make the figures newer than `syncedAt`, but never older.
  const anyMember = { readPreference: 'secondaryPreferred' } as const;
  const synced = await new Watermarks(watermarksOn(connection), signal).findIn('_id', stores, {
    fields: ['syncedAt'],
    ...anyMember,
  });
  const mirror = new VersionedCollection(mirrorOn(connection), signal);
  const sums = await mirror.aggregate<Sums>(pipeline(stores, lowStock), {
    ...anyMember,
    batchSize: 1_000,
  });
  const figures = new Map(stores.map((store) => [store, none()]));
  for (const { _id, syncedAt } of synced) {
    const known = figures.get(_id);
    if (known) known.syncedAt = syncedAt ?? null;
  }
  for (const { _id, ...sum } of sums) add(figures.get(_id.store) ?? none(), _id.currency, sum);
  for (const { value } of figures.values())
    value.sort((a, b) => (a.currency < b.currency ? -1 : 1));
  return figures;
}

const none = (): DatedFigures => ({
  products: 0,
  units: 0,
  value: [],
  lowStock: 0,
  syncedAt: null,
});

/** Adds the totals of a currency. The driver returns a sum as a `Long` if a number cannot represent it. */
function add(figures: DatedFigures, currency: string, sum: Omit<Sums, '_id'>): void {
  figures.products += Number(sum.products);
  figures.units += Number(sum.units);
  figures.lowStock += Number(sum.lowStock);
  figures.value.push({ currency, amount: Number(sum.amount) });
}

function pipeline(stores: readonly string[], lowStock: number): PipelineStage[] {
  const isLow = { $lte: ['$stock', lowStock] };
  return [
    { $match: { 'store.id': { $in: stores } } },
    {
      $group: {
        _id: { store: '$store.id', currency: '$price.currency' },
        products: { $sum: 1 },
        units: { $sum: '$stock' },
        amount: { $sum: { $multiply: [{ $toDouble: '$price.amount' }, '$stock'] } },
        lowStock: { $sum: { $cond: [isLow, 1, 0] } },
      },
    },
  ];
}
