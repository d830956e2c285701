import type { PipelineStage } from 'mongoose';
import { secondary } from '../connections.ts';
import { VersionedCollection } from '../documents/versioned-collection.ts';
import { mirrorOn } from '../mirror/record.ts';
import { watermarksOn } from '../mirror/watermark-record.ts';
import { Watermarks } from '../mirror/watermarks.ts';
import type { Figures } from './figures-schema.ts';

/** A product with so many units or fewer counts as low, unless somebody says otherwise. */
export const LOW_STOCK = 5;

/** Figures of a store, and as of when: null before its first sync has ended. */
export type DatedFigures = Figures & { syncedAt: Date | null };

/** A store's products of one currency, summed up. */
interface Sums {
  _id: { store: string; currency: string };
  products: number;
  units: number;
  amount: number;
  lowStock: number;
}

/**
 * The figures of some stores, by their ids, as the mirror has them. The server walks through the products
 * of these stores alone, in an index that holds all that is summed up.
 *
 * Values are sums of doubles: exact up to 2^53 - 1 minor units, which is 90 trillion of most currencies,
 * and beyond that the nearest number, as JSON has it for most who read it.
 *
 * @param lowStock up to how many units a product counts as low
 */
export async function figuresOf(
  stores: readonly string[],
  { lowStock = LOW_STOCK }: { lowStock?: number },
  signal: AbortSignal,
): Promise<Map<string, DatedFigures>> {
  const connection = await secondary(signal);
  // Before the sums: what is synced meanwhile makes them newer than they say, never older.
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

/** Sums can come as 64-bit integers, which the driver leaves as they are where a number cannot hold them. */
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
