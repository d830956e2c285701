import { type AdmittedStoreId, leaseStore, primary } from './connections.ts';
import { ensureIndexes } from './models/indexes.ts';
import { productsOn } from './models/product.ts';
import { Store as Registry, type StoreRecord } from './models/store.ts';
import { takenKey } from './mongo-errors.ts';
import { behindCursor, type Order, type Page, pageOf } from './page.ts';
import { BeingOpened, DuplicateKey, NotFound, StoreNotWritable } from './problems.ts';
import { retryOnce } from './retry.ts';
import type { Store, StoreInput } from './schemas/store.ts';
import { settings } from './settings.ts';

/** A store that the registry knows and that is open to the purpose it was asked for. */
export interface AdmittedStore {
  id: AdmittedStoreId;
  name: string;
}

/** Entries that were read a moment ago, by id, the oldest first. */
const fresh = new Map<string, { record: StoreRecord; until: number }>();
const MOST_FRESH = 10_000;

const byId: Order = { field: '_id', direction: 1 };

/**
 * The store `id`, as the registry has it. An entry serves for `STORE_FRESH_MS` without another look; an id
 * that the registry does not know leaves nothing behind.
 *
 * @throws {NotFound} when there is no such store, or it is closed
 * @throws {StoreNotWritable} when it is asked for `write` and is not active
 */
export async function admitStore(
  id: string,
  purpose: 'read' | 'write',
  signal: AbortSignal,
): Promise<AdmittedStore> {
  const record = freshRecord(id) ?? remember(await readRecord(id, signal));
  if (record.status === 'closed') throw unknownStore();
  if (purpose === 'write' && record.status !== 'active')
    throw new StoreNotWritable(`The store is ${record.status}: it takes no changes.`);
  return { id: record._id as AdmittedStoreId, name: record.name };
}

/**
 * The store `id`.
 *
 * @throws {NotFound} when there is no such store
 */
export async function findStore(id: string, signal: AbortSignal): Promise<Store> {
  return present(await readRecord(id, signal));
}

/** A page of all stores, by id. */
export async function pageOfStores(
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  signal: AbortSignal,
): Promise<Page<Store>> {
  const list = 'stores';
  const conditions = [{ ready: true }, ...behindCursor(byId, list, cursor)];
  await primary(signal);
  const records = await retryOnce(() =>
    Registry.find({ $and: conditions }, null, { signal })
      .sort({ _id: 1 })
      .limit(limit + 1)
      .lean<StoreRecord[]>(),
  );
  return pageOf(records, { limit, list, present, positionOf: ({ _id }) => [_id] });
}

/**
 * Opens a store: its entry in the registry, then its collection and indexes, then the entry is ready and
 * the store is there. A crash on the way leaves an entry that is not ready, and the same call goes on.
 *
 * @param openedBy names the request. One that comes again after it has opened the store gets that
 * @throws {DuplicateKey} when the id is taken
 * @throws {BeingOpened} when another request opens it at the same time
 */
export async function openStore(
  input: StoreInput,
  openedBy: string,
  signal: AbortSignal,
): Promise<Store> {
  await primary(signal);
  const opened = await enter(input, openedBy, signal);
  if (opened) return present(opened);
  {
    using store = await leaseStore(input.id as AdmittedStoreId, signal);
    await ensureIndexes(productsOn(store.connection), signal);
  }
  const record = await retryOnce(() =>
    Registry.findOneAndUpdate(
      { _id: input.id, openedBy },
      { $set: { ready: true } },
      { returnDocument: 'after', lean: true, signal },
    ),
  );
  if (!record) throw await overtaken(input.id, signal);
  return present(record);
}

/**
 * Enters a store that is not ready, or takes over such an entry. One that is ready makes the id taken, unless
 * the same request has made it ready.
 */
async function enter(
  { id, name, currency }: StoreInput,
  openedBy: string,
  signal: AbortSignal,
): Promise<StoreRecord | undefined> {
  try {
    await retryOnce(() =>
      Registry.updateOne(
        { _id: id, ready: false },
        { $set: { name, currency, status: 'active', version: 1, openedBy } },
        { upsert: true, signal },
      ),
    );
    return undefined;
  } catch (error) {
    if (!takenKey(error)) throw error;
    const own = await retryOnce(() =>
      Registry.findOne({ _id: id, openedBy }, null, { signal }).lean<StoreRecord>(),
    );
    if (!own) throw taken(id, error);
    return own;
  }
}

/** @throws {NotFound} when there is no such store, or it is not ready */
async function readRecord(id: string, signal: AbortSignal): Promise<StoreRecord> {
  await primary(signal);
  const record = await retryOnce(() =>
    Registry.findOne({ _id: id, ready: true }, null, { signal }).lean<StoreRecord>(),
  );
  if (!record) throw unknownStore();
  return record;
}

function freshRecord(id: string): StoreRecord | undefined {
  const entry = fresh.get(id);
  return entry && entry.until > Date.now() ? entry.record : undefined;
}

function remember(record: StoreRecord): StoreRecord {
  fresh.delete(record._id);
  fresh.set(record._id, { record, until: Date.now() + settings.stores.freshMs });
  const [oldest] = fresh.keys();
  if (fresh.size > MOST_FRESH && oldest !== undefined) fresh.delete(oldest);
  return record;
}

/** Another request took the entry over: the store is that one's, or will be if it succeeds. */
async function overtaken(id: string, signal: AbortSignal): Promise<DuplicateKey | BeingOpened> {
  const record = await retryOnce(() =>
    Registry.findOne({ _id: id, ready: true }, { _id: 1 }, { signal }).lean(),
  );
  return record ? taken(id) : new BeingOpened(`Another request opens the store ${id} just now.`);
}

const unknownStore = () => new NotFound('There is no such store.');

const taken = (id: string, cause?: unknown) =>
  new DuplicateKey(`The store id ${id} is taken.`, { extra: { key: { id } }, cause });

function present({
  _id,
  name,
  currency,
  status,
  version,
  createdAt,
  updatedAt,
}: StoreRecord): Store {
  return {
    id: _id,
    name,
    currency,
    status,
    version,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
