import { retryOnce } from '@manystore/connections';
import { trusted } from 'mongoose';
import { type AdmittedStoreId, primary } from '../connections.ts';
import { behindCursor, type Order, type Page, pageOf } from '../http/page.ts';
import { StoreNotWritable } from '../http/problems.ts';
import {
  unknownStore,
  type VisibleStoreId,
  type VisibleStores,
  visibleIn,
} from '../http/visible-stores.ts';
import { settings } from '../runtime/settings.ts';
import { everyStore, OPEN } from './every-store.ts';
import { Store as Registry, type StoreRecord } from './record.ts';
import type { Store } from './schema.ts';

/** A store that the registry knows and that is open to the purpose it was asked for. */
export interface AdmittedStore {
  id: AdmittedStoreId;
  name: string;
}

/** What a store is asked for: its products, a change of them, or what its archive keeps, also when it is closed. */
export type Purpose = 'read' | 'write' | 'archive';

/** Entries that were read a moment ago, by id, the oldest first. */
const fresh = new Map<string, { record: StoreRecord; until: number }>();
const MOST_FRESH = 10_000;

const byId: Order = { field: '_id', direction: 1 };

/**
 * The store `id`, as the registry has it. An entry serves for `STORE_FRESH_MS` without another look; an id
 * that the registry does not know leaves nothing behind.
 *
 * @throws {NotFound} when there is no such store; also when it is closed, but to `archive`
 * @throws {StoreNotWritable} when it is asked for `write` and is not active
 */
export async function admitStore(
  id: VisibleStoreId,
  purpose: Purpose,
  signal: AbortSignal,
): Promise<AdmittedStore> {
  const record = freshRecord(id) ?? (await readRecord(id, signal));
  if (record.status === 'closed' && purpose !== 'archive') throw unknownStore();
  if (purpose === 'write' && record.status !== 'active')
    throw new StoreNotWritable(`The store is ${record.status}: it takes no changes.`);
  return admitted(record);
}

/** The store of an entry. */
export const admitted = ({ _id, name }: StoreRecord): AdmittedStore => ({
  id: _id as AdmittedStoreId,
  name,
});

/**
 * The store `id`.
 *
 * @throws {NotFound} when there is no such store
 */
export async function findStore(id: VisibleStoreId, signal: AbortSignal): Promise<Store> {
  return present(await readRecord(id, signal));
}

/** A page of the stores that the caller may see, by id. */
export async function pageOfStores(
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  visible: VisibleStores,
  signal: AbortSignal,
): Promise<Page<Store>> {
  const list = ['stores', visible];
  const ids = visibleIn(visible);
  const conditions = [
    { ready: true },
    ...(ids === undefined ? [] : [{ _id: trusted(ids) as never }]),
    ...behindCursor<StoreRecord>(byId, list, cursor),
  ];
  await primary(signal);
  const records = await retryOnce(() =>
    Registry.find({ $and: conditions }, null, { signal })
      .sort({ _id: 1 })
      .limit(limit + 1)
      .lean<StoreRecord[]>(),
  );
  return pageOf(records, { limit, list, present, positionOf: ({ _id }) => [_id] });
}

/** The ids of the active stores that the caller may see, in their order. Their entries are read in pages, and serve for admitting them. */
export async function* activeStores(
  visible: VisibleStores,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const ids = visible === 'all' ? undefined : visible;
  let askedAt = Date.now();
  for await (const page of everyStore(signal, { ids, statuses: ['active'] })) {
    for (const record of page) remember(record, askedAt);
    for (const { _id } of page) yield _id;
    askedAt = Date.now();
  }
}

/** How many stores are open. */
export async function openStoreCount(signal: AbortSignal): Promise<number> {
  await primary(signal);
  const status = trusted({ $in: OPEN }) as never;
  return retryOnce(() => Registry.countDocuments({ ready: true, status }, { signal }));
}

/**
 * The entry of the store `id`, as it is now.
 *
 * @throws {NotFound} when there is no such store, or it is not ready
 */
export async function readRecord(
  id: VisibleStoreId | AdmittedStoreId,
  signal: AbortSignal,
): Promise<StoreRecord> {
  await primary(signal);
  const askedAt = Date.now();
  const record = await retryOnce(() =>
    Registry.findOne({ _id: id, ready: true }, null, { signal }).lean<StoreRecord>(),
  );
  if (!record) throw unknownStore();
  return remember(record, askedAt);
}

function freshRecord(id: string): StoreRecord | undefined {
  const entry = fresh.get(id);
  return entry && entry.until > Date.now() ? entry.record : undefined;
}

/**
 * Lets an entry serve for a while, unless a later version of it is there: what this container has changed
 * counts for it at once, also for a request that read the entry before.
 *
 * @param askedAt when it was asked for. The answer may have taken its time, and the store have changed in it
 */
export function remember(record: StoreRecord, askedAt: number): StoreRecord {
  const known = fresh.get(record._id);
  if (known && known.record.version > record.version) return known.record;
  fresh.delete(record._id);
  fresh.set(record._id, { record, until: askedAt + settings().stores.freshMs });
  const [oldest] = fresh.keys();
  if (fresh.size > MOST_FRESH && oldest !== undefined) fresh.delete(oldest);
  return record;
}

/** A store as it is answered. */
export function present({
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
