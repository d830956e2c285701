import type { Archive } from '../archive/archive.ts';
import type { ArchivedRecord } from '../archive/record.ts';
import { leaseStore, serverNow } from '../connections.ts';
import { VersionedCollection } from '../documents/versioned-collection.ts';
import type { TaskTime } from '../http/task-contract.ts';
import { type ProductRecord, productsOn } from '../products/record.ts';
import type { StoreRecord } from '../stores/record.ts';
import { admittedFrom } from '../stores/registry.ts';
import type { Inspection } from './inspection.ts';
import { copyProducts, type Mirror, removeBatch, removeProducts, renameStore } from './mirror.ts';
import { nextScan, scanChanges } from './scan.ts';
import type { WatermarkRecord } from './watermark-record.ts';
import { completed, type Progress, type Watermarks } from './watermarks.ts';

/** The collections on the secondary that a sync uses, and what it finds out about the products. */
export interface SyncCollections {
  mirror: Mirror;
  watermarks: Watermarks;
  archive: Archive;
  /** Inspects each product that is read. */
  inspection: Inspection;
}

/** The result of syncing one store. */
export interface StoreSync {
  copied: number;
  removed: number;
  /** Whether the mirror is up to date; false if the time was not sufficient. */
  isDone: boolean;
}

/** Longer than any run. After this time, no run is left that works with an older registry entry. */
export const MAX_RUN_MS = 10 * 60_000;

/**
 * Brings the mirror up to date with a store. Changed products are copied first, and archived products removed second,
 * so that a product is removed even if it is archived in the meantime.
 *
 * @param watermark the store's watermark when the run began; undefined for a store that was never synced
 * @throws {Superseded} when another run has restarted the sync of the store
 */
export async function syncStore(
  collections: SyncCollections,
  store: StoreRecord,
  watermark: WatermarkRecord | undefined,
  time: TaskTime,
): Promise<StoreSync> {
  const run = { id: store._id, generation: watermark?.generation ?? 0 };
  const save = (progress: Progress) => collections.watermarks.save(run, progress);
  if (store.status === 'closed') return removeStore(collections, store, save, time);
  return syncChanges(collections, store, watermark, save, time);
}

type Save = (progress: Progress) => Promise<void>;

async function syncChanges(
  { mirror, archive, inspection }: SyncCollections,
  store: StoreRecord,
  watermark: WatermarkRecord | undefined,
  save: Save,
  time: TaskTime,
): Promise<StoreSync> {
  const { _id: id, name, updatedAt } = store;
  const { signal } = time;
  using lease = await leaseStore(admittedFrom(store), signal);
  const products = new VersionedCollection(productsOn(lease.connection), signal);
  const now = await serverNow(signal);
  const changeScan = nextScan(now, watermark?.products);
  const archiveScan = nextScan(now, watermark?.archive);
  let copied = 0;
  let removed = 0;

  // This is repeated for a while after the store was renamed, because an earlier run may still write the old name.
  const isRecent = updatedAt.getTime() > changeScan.startedAt.getTime() - MAX_RUN_MS;
  if (watermark && (watermark.name !== name || isRecent)) await renameStore(mirror, { id, name });

  const isCopied = await scanChanges<ProductRecord>(
    { collection: products, field: 'updatedAt' },
    changeScan,
    {
      processPage: async (page) => {
        inspection.inspect(id, page);
        copied += await copyProducts(mirror, { id, name }, page);
      },
      save: (walk) => save({ products: { walk } }),
      time,
    },
  );
  if (!isCopied) return { copied, removed, isDone: false };
  if (copied > 0) await save({ products: completed(changeScan) });

  const isRemoved = await scanChanges<ArchivedRecord>(
    {
      collection: archive,
      field: 'archivedAt',
      filter: { store: id },
      fields: ['source', 'version', 'archivedAt'],
    },
    archiveScan,
    {
      processPage: async (page) => {
        const archived = page.filter(({ source }) => source === 'catalog');
        // The catalog may still have an archived product, if archiving crashed or the product was restored.
        const removable = await missingFrom(products, archived);
        removed += await removeProducts(mirror, { id }, removable);
      },
      save: (walk) => save({ archive: { walk } }),
      time,
    },
  );
  if (!isRemoved) return { copied, removed, isDone: false };
  await save({
    products: completed(changeScan),
    archive: completed(archiveScan),
    name,
    syncedAt: changeScan.startedAt,
  });
  return { copied, removed, isDone: true };
}

/** Returns the records whose products are not in the catalog. */
async function missingFrom(
  products: VersionedCollection<ProductRecord>,
  records: ArchivedRecord[],
): Promise<ArchivedRecord[]> {
  if (records.length === 0) return [];
  const ids = records.map(({ _id }) => _id);
  const found = await products.findIn('_id', ids, { fields: ['_id'] });
  const present = new Set(found.map(({ _id }) => String(_id)));
  return records.filter(({ _id }) => !present.has(String(_id)));
}

/** Deletes the products of a closed store from the mirror. */
async function removeStore(
  { mirror }: SyncCollections,
  { _id: id, updatedAt }: StoreRecord,
  save: Save,
  { hasTime, signal }: TaskTime,
): Promise<StoreSync> {
  const startedAt = (await serverNow(signal)).getTime();
  let removed = 0;
  for (;;) {
    const count = await removeBatch(mirror, { id });
    removed += count;
    if (count === 0) break;
    if (!hasTime()) return { copied: 0, removed, isDone: false };
  }
  // A run that read the store's entry before it was closed may still write, so the removal is repeated for a while.
  await save({ closed: true, settled: startedAt > updatedAt.getTime() + MAX_RUN_MS });
  return { copied: 0, removed, isDone: true };
}
