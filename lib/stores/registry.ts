import { StoreNotWritable } from '../http/problems.ts';
import { unknownStore, type VisibleStoreId } from '../http/visible-stores.ts';
import type { AdmittedStoreId } from '../store-id.ts';
import { readEntry } from './entries.ts';
import { freshEntry } from './fresh-entries.ts';
import type { StoreRecord } from './record.ts';

/** A store that is in the registry, and that is open to the purpose for which it was admitted. */
export interface AdmittedStore {
  id: AdmittedStoreId;
  name: string;
}

/** Why a store is admitted: to read its products, to change them, or to read its archive, which outlives the store. */
export type Purpose = 'read' | 'write' | 'archive';

/**
 * Admits the store `id`, as its entry in the registry allows. An entry serves for `STORE_FRESH_MS` without another
 * query. An id that is not in the registry is not cached.
 *
 * @throws {NotFound} when there is no such store; also when it is closed, except for the purpose `archive`
 * @throws {StoreNotWritable} when the purpose is `write` and the store is not active
 */
export async function admitStore(
  id: VisibleStoreId,
  purpose: Purpose,
  signal: AbortSignal,
): Promise<AdmittedStore> {
  const entry = freshEntry(id) ?? (await readEntry(id, signal));
  if (entry.status === 'closed' && purpose !== 'archive') throw unknownStore();
  if (purpose === 'write' && entry.status !== 'active')
    throw new StoreNotWritable(`The store is ${entry.status} and does not accept changes.`);
  return admittedFrom(entry);
}

/** Returns the store of an entry. Nothing else makes an {@link AdmittedStoreId}. */
export const admittedFrom = ({ _id, name }: StoreRecord): AdmittedStore => ({
  id: _id as AdmittedStoreId,
  name,
});
