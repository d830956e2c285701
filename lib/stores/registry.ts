import { StoreNotWritable } from '../http/problems.ts';
import { unknownStore, type VisibleStoreId } from '../http/visible-stores.ts';
import { PRIMARY_CLUSTER } from '../runtime/cluster-names.ts';
import type { AdmittedStoreId, StorePlace } from '../store-id.ts';
import { readEntry } from './entries.ts';
import { cachedEntry } from './entry-cache.ts';
import type { StoreRecord } from './record.ts';

/** A store that is in the registry, and whose status permits the requested {@link Purpose}. */
export interface AdmittedStore extends StorePlace {
  name: string;
}

/** What a store is needed for: to read its products, to change them, or to read its archive, which is kept after closing. */
export type Purpose = 'read' | 'write' | 'archive';

/**
 * Looks up a store in the registry, and checks that its status permits a purpose. Entries are cached for
 * `STORE_FRESH_MS`; ids that are not in the registry are not cached.
 *
 * @throws {NotFound} when there is no such store, or when it is closed and the purpose is not `archive`
 * @throws {StoreNotWritable} when the purpose is `write` and the store is not active
 */
export async function admitStore(
  id: VisibleStoreId,
  purpose: Purpose,
  signal: AbortSignal,
): Promise<AdmittedStore> {
  const entry = cachedEntry(id) ?? (await readEntry(id, signal));
  if (entry.status === 'closed' && purpose !== 'archive') throw unknownStore();
  if (purpose === 'write' && entry.status !== 'active')
    throw new StoreNotWritable(`The store is ${entry.status} and does not accept changes.`);
  return admittedFrom(entry);
}

/** Returns the store of a registry entry. Nothing else creates an {@link AdmittedStoreId}. */
export const admittedFrom = (entry: StoreRecord): AdmittedStore => ({
  id: entry._id as AdmittedStoreId,
  name: entry.name,
  cluster: clusterOf(entry),
});

/** Returns the cluster that a store's database is on. */
export const clusterOf = ({
  cluster = PRIMARY_CLUSTER,
}: {
  cluster?: string | undefined;
}): string => cluster;
