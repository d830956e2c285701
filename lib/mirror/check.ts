import { trusted } from 'mongoose';
import type { Archive } from '../archive/archive.ts';
import { leaseStore } from '../connections.ts';
import { VersionedCollection } from '../documents/versioned-collection.ts';
import { productsOn } from '../products/record.ts';
import { admittedFrom } from '../stores/registry.ts';
import type { PendingStore } from './pending.ts';
import { nextScan } from './scan.ts';

/* The hourly check of a store without marks. It is one query, because most stores have not changed. */

const PAGE_SIZE = 1_000;

/**
 * Returns the newest `archivedAt` of stores, by store id, without stores that have archived nothing since the oldest of
 * their syncs. A thousand stores take one query.
 */
export async function newestArchived(
  archive: Archive,
  stores: readonly PendingStore[],
  now: Date,
): Promise<Map<string, Date>> {
  const newest = new Map<string, Date>();
  for (let from = 0; from < stores.length; from += PAGE_SIZE) {
    const page = stores.slice(from, from + PAGE_SIZE);
    const since = Math.min(...page.map((one) => startOf(one, 'archive', now).getTime()));
    const ids = page.map(({ store }) => store._id);
    const groups = await archive.aggregate<{ _id: string; at: Date }>(
      [
        { $match: { store: { $in: ids }, archivedAt: { $gte: new Date(since) } } },
        { $group: { _id: '$store', at: { $max: '$archivedAt' } } },
      ],
      { batchSize: PAGE_SIZE },
    );
    for (const { _id, at } of groups) newest.set(_id, at);
  }
  return newest;
}

/** Returns whether a store has products that were changed or archived since its last sync. */
export async function hasChanged(
  one: PendingStore,
  archivedAt: Date | undefined,
  now: Date,
  signal: AbortSignal,
): Promise<boolean> {
  if (archivedAt && archivedAt >= startOf(one, 'archive', now)) return true;
  using lease = await leaseStore(admittedFrom(one.store), signal);
  const products = new VersionedCollection(productsOn(lease.connection), signal);
  const updatedAt = trusted({ $gte: startOf(one, 'products', now) }) as never;
  return (await products.findOne({ updatedAt }, { fields: ['updatedAt'] })) !== null;
}

/** Returns the earliest change that the next sync of a store reads. */
const startOf = ({ watermark }: PendingStore, name: 'products' | 'archive', now: Date): Date =>
  nextScan(now, watermark?.[name]).at;
