import type { Archive } from '../archive/archive.ts';
import type { ArchivedRecord } from '../archive/record.ts';
import { leaseStore } from '../connections.ts';
import { VersionedCollection } from '../documents/versioned-collection.ts';
import type { TaskTime } from '../http/task-contract.ts';
import { type ProductRecord, productsOn } from '../products/record.ts';
import type { StoreRecord } from '../stores/record.ts';
import { admittedFrom } from '../stores/registry.ts';
import { copyProducts, type Mirror, removeProducts, removeSome, renameStore } from './mirror.ts';
import { follow, nextWalk } from './walk.ts';
import type { WatermarkRecord } from './watermark-record.ts';
import { ended, type Progress, type Watermarks } from './watermarks.ts';

/** What a run reads from and writes to. */
export interface Places {
  mirror: Mirror;
  watermarks: Watermarks;
  archive: Archive;
}

/** What became of a store's turn. */
export interface Turn {
  copied: number;
  removed: number;
  /** Whether there was time for all of it. */
  isDone: boolean;
}

/** Longer than a run takes: after it, none is left that read the registry's entry as it was before. */
const MAX_RUN_MS = 10 * 60_000;

/**
 * Brings the mirror up to date with a store: first what changed, then what was archived, so that what is
 * archived meanwhile does not stay.
 *
 * @param mark the store's watermark when the run began; none for a store that was never synced
 * @throws {Overtaken} when the store is begun from the start meanwhile
 */
export async function syncStore(
  places: Places,
  store: StoreRecord,
  mark: WatermarkRecord | undefined,
  time: TaskTime,
): Promise<Turn> {
  const run = { id: store._id, generation: mark?.generation ?? 0 };
  const save = (progress: Progress) => places.watermarks.save(run, progress);
  if (store.status === 'closed') return removeStore(places, store, save, time);
  return followStore(places, store, mark, save, time);
}

type Save = (progress: Progress) => Promise<void>;

async function followStore(
  { mirror, archive }: Places,
  store: StoreRecord,
  mark: WatermarkRecord | undefined,
  save: Save,
  time: TaskTime,
): Promise<Turn> {
  const { _id: id, name, updatedAt } = store;
  const { signal } = time;
  using lease = await leaseStore(admittedFrom(store).id, signal);
  const products = new VersionedCollection(productsOn(lease.connection), signal);
  const changes = nextWalk(mark?.products);
  const departures = nextWalk(mark?.archive);
  let copied = 0;
  let removed = 0;

  // Also for a while after a rename: an earlier run may still write the old name.
  const isNew = updatedAt.getTime() > changes.startedAt.getTime() - MAX_RUN_MS;
  if (mark && (mark.name !== name || isNew)) await renameStore(mirror, { id, name });

  const isCopied = await follow<ProductRecord>(
    { collection: products, field: 'updatedAt' },
    changes,
    {
      visit: async (page) => {
        copied += await copyProducts(mirror, { id, name }, page);
      },
      save: (walk) => save({ products: { walk } }),
      time,
    },
  );
  if (!isCopied) return { copied, removed, isDone: false };
  if (copied > 0) await save({ products: ended(changes) });

  const isRemoved = await follow<ArchivedRecord>(
    {
      collection: archive,
      field: 'archivedAt',
      filter: { store: id },
      fields: ['source', 'version', 'archivedAt'],
    },
    departures,
    {
      visit: async (page) => {
        const left = page.filter(({ source }) => source === 'catalog');
        // An archiving that crashed leaves a copy of what lives on, and what was restored lives again.
        const gone = await missingFrom(products, left);
        removed += await removeProducts(mirror, { id }, gone);
      },
      save: (walk) => save({ archive: { walk } }),
      time,
    },
  );
  if (!isRemoved) return { copied, removed, isDone: false };
  await save({
    products: ended(changes),
    archive: ended(departures),
    name,
    syncedAt: changes.startedAt,
  });
  return { copied, removed, isDone: true };
}

/** Returns those of some records that a catalog does not have. */
async function missingFrom(
  products: VersionedCollection<ProductRecord>,
  records: ArchivedRecord[],
): Promise<ArchivedRecord[]> {
  if (records.length === 0) return [];
  const ids = records.map(({ _id }) => _id);
  const living = await products.findIn('_id', ids, { fields: ['_id'] });
  const here = new Set(living.map(({ _id }) => String(_id)));
  return records.filter(({ _id }) => !here.has(String(_id)));
}

/** Takes a closed store out of the mirror. */
async function removeStore(
  { mirror }: Places,
  { _id: id, updatedAt }: StoreRecord,
  save: Save,
  { hasTime }: TaskTime,
): Promise<Turn> {
  const startedAt = Date.now();
  let removed = 0;
  for (;;) {
    const count = await removeSome(mirror, { id });
    removed += count;
    if (count === 0) break;
    if (!hasTime()) return { copied: 0, removed, isDone: false };
  }
  // A run that took the store for an open one may still write: so it is looked at for a while longer.
  await save({ closed: true, settled: startedAt > updatedAt.getTime() + MAX_RUN_MS });
  return { copied: 0, removed, isDone: true };
}
