import { thisMoment } from '@manystore/connections';
import { trusted } from 'mongoose';
import { afterCursor, type Order } from '../http/keyset.ts';
import { type Page, pageOf } from '../http/page.ts';
import { type VisibleStoreId, type VisibleStores, visibleIn } from '../http/visible-stores.ts';
import { onCluster, openRegistry, readEntry } from './entries.ts';
import { cachedEntry, cacheEntry } from './entry-cache.ts';
import { everyStore } from './every-store.ts';
import type { StoreRecord } from './record.ts';
import { clusterOf } from './registry.ts';
import type { Store, StoreQuery } from './schema.ts';
import { storeFrom } from './store-from.ts';

const byId: Order = { field: '_id', direction: 1 };

/**
 * Returns the store `id`.
 *
 * @throws {NotFound} when there is no such store
 */
export async function findStore(id: VisibleStoreId, signal: AbortSignal): Promise<Store> {
  return storeFrom(await readEntry(id, signal));
}

/** Returns a page of the stores that the caller may see, ordered by id: all of them, or those on a cluster. */
export async function pageOfStores(
  { limit, cursor, cluster }: StoreQuery,
  visible: VisibleStores,
  signal: AbortSignal,
): Promise<Page<Store>> {
  const list = ['stores', visible, ...(cluster === undefined ? [] : [cluster])];
  const ids = visibleIn(visible);
  const conditions = [
    { ready: true },
    ...(ids === undefined ? [] : [{ _id: trusted(ids) as never }]),
    ...(cluster === undefined ? [] : [onCluster(cluster)]),
    ...afterCursor<StoreRecord>(byId, list, cursor),
  ];
  const registry = await openRegistry(signal);
  const entries = await registry.find({ $and: conditions }, { sort: { _id: 1 }, limit: limit + 1 });
  return pageOf(entries, { limit, list, toItem: storeFrom, positionOf: ({ _id }) => [_id] });
}

/**
 * Yields the ids of the active stores that the caller may see, in order. Their entries are read in pages and cached, so
 * that opening one of these stores needs no further query of the registry.
 */
export async function* activeStores(
  visible: VisibleStores,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const ids = visible === 'all' ? undefined : visible;
  let sentAt = thisMoment();
  for await (const page of everyStore(signal, { ids, statuses: ['active'] })) {
    for (const entry of page) cacheEntry(entry, sentAt);
    for (const { _id } of page) yield _id;
    sentAt = thisMoment();
  }
}

/**
 * Returns the clusters of stores, by their ids, without those that do not exist. The entries that are not cached are read
 * in pages and cached.
 */
export async function clustersOf(
  ids: readonly VisibleStoreId[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const cached = ids.flatMap((id) => cachedEntry(id) ?? []);
  const found = new Map(cached.map((entry) => [entry._id, clusterOf(entry)]));
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length === 0) return found;
  let sentAt = thisMoment();
  for await (const page of everyStore(signal, { ids: missing })) {
    for (const entry of page) found.set(entry._id, clusterOf(cacheEntry(entry, sentAt)));
    sentAt = thisMoment();
  }
  return found;
}
