import { thisMoment } from '@manystore/connections';
import { trusted } from 'mongoose';
import { primary } from '../connections.ts';
import { VersionedCollection } from '../documents/versioned-collection.ts';
import { unknownStore, type VisibleStoreId } from '../http/visible-stores.ts';
import { PRIMARY_CLUSTER } from '../runtime/cluster-names.ts';
import type { AdmittedStoreId } from '../store-id.ts';
import { cacheEntry } from './entry-cache.ts';
import { Registry, type StoreRecord } from './record.ts';

/** Opens the registry of stores. It includes the entries of stores that are not ready. */
export async function openRegistry(signal: AbortSignal): Promise<VersionedCollection<StoreRecord>> {
  await primary(signal);
  return new VersionedCollection(Registry, signal);
}

/**
 * Returns a store's current entry from the registry, without using the cache.
 *
 * @throws {NotFound} when there is no such store, or it is not ready
 */
export async function readEntry(
  id: VisibleStoreId | AdmittedStoreId,
  signal: AbortSignal,
): Promise<StoreRecord> {
  const registry = await openRegistry(signal);
  const sentAt = thisMoment();
  const entry = await registry.findOne({ _id: id, ready: true });
  if (!entry) throw unknownStore();
  return cacheEntry(entry, sentAt);
}

/** Returns the query condition for the entries of stores on a cluster. Entries without a cluster are on the primary. */
export const onCluster = (cluster: string): { cluster: never } => ({
  cluster: (cluster === PRIMARY_CLUSTER
    ? trusted({ $in: [PRIMARY_CLUSTER, null] })
    : cluster) as never,
});
