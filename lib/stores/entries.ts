import { retryOnce } from '@manystore/connections';
import { primary } from '../connections.ts';
import { unknownStore, type VisibleStoreId } from '../http/visible-stores.ts';
import type { AdmittedStoreId } from '../store-id.ts';
import { remember } from './fresh-entries.ts';
import { Registry, type StoreRecord } from './record.ts';

/**
 * Reads the entry of a store from the registry, as it is now.
 *
 * @throws {NotFound} when there is no such store, or it is not ready
 */
export async function readEntry(
  id: VisibleStoreId | AdmittedStoreId,
  signal: AbortSignal,
): Promise<StoreRecord> {
  await primary(signal);
  const askedAt = Date.now();
  const entry = await retryOnce(() =>
    Registry.findOne({ _id: id, ready: true }, null, { signal }).lean<StoreRecord>(),
  );
  if (!entry) throw unknownStore();
  return remember(entry, askedAt);
}
