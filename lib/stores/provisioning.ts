import { duplicateKeyFields, ensureIndexes } from '@manystore/connections';
import type { Connection, Model } from 'mongoose';
import { leaseStore, serverNow } from '../connections.ts';
import { BeingOpened, DuplicateKey } from '../http/problems.ts';
import { onCluster, openRegistry } from './entries.ts';
import { chooseCluster } from './placement.ts';
import type { StoreRecord } from './record.ts';
import { admittedFrom } from './registry.ts';
import type { Store, StoreInput } from './schema.ts';
import { storeFrom } from './store-from.ts';

type StoreRegistry = Awaited<ReturnType<typeof openRegistry>>;

/** A store to create. */
export interface NewStore extends StoreInput {
  /** Identifies the request, so that a retry after the store was created returns that store. */
  openedBy: string;
  /** Returns the models of a store's database, whose collections and indexes are created with the store. */
  modelsOf: (database: Connection) => Model<never>[];
}

/**
 * Creates a store: writes its entry to the registry, creates its collections and indexes, and then marks the entry as
 * ready, which makes the store visible. A crash in between leaves an entry that is not ready, and the same call
 * completes it. The cluster is chosen once: a call that completes a store keeps the cluster of its entry.
 *
 * @throws {UnknownCluster} when the requested cluster does not exist
 * @throws {DuplicateKey} when the id is already in use, or its creation began on another cluster than the requested one
 * @throws {BeingOpened} when another request is creating the store at the same time
 */
export async function provisionStore(store: NewStore, signal: AbortSignal): Promise<Store> {
  const { id, openedBy } = store;
  const registry = await openRegistry(signal);
  const cluster = await chooseCluster(store.cluster, signal);
  const entry = await reserveEntry(registry, store, { cluster, now: await serverNow(signal) });
  if (entry.ready) return storeFrom(entry);
  {
    using lease = await leaseStore(admittedFrom(entry), signal);
    const models = store.modelsOf(lease.connection);
    await Promise.all(models.map((model) => ensureIndexes(model, signal)));
  }
  const complete = { $set: { ready: true }, $currentDate: { updatedAt: true } };
  const created = await registry.findOneAndUpdate({ _id: id, openedBy }, complete);
  if (!created) throw await conflictOf(registry, id);
  return storeFrom(created);
}

/**
 * Inserts an entry that is not ready, or takes over such an entry of another request, with its cluster. If that is not
 * the cluster that this request names, the entry is not taken over: its database may exist there already.
 *
 * @returns the entry. It is ready only if the same request has already created the store
 * @throws {DuplicateKey} when another request has created a store with this id
 */
async function reserveEntry(
  registry: StoreRegistry,
  { id, name, currency, openedBy, cluster: requested }: NewStore,
  { cluster, now }: { cluster: string; now: Date },
): Promise<StoreRecord> {
  const update = {
    $set: { name, currency, status: 'active', version: 1, openedBy, updatedAt: now },
    $setOnInsert: { createdAt: now, cluster },
  };
  const own = { _id: id, ready: false };
  const filter = requested === undefined ? own : { ...own, ...onCluster(requested) };
  try {
    const entry = await registry.findOneAndUpdate(filter, update, { upsert: true });
    return entry as StoreRecord;
  } catch (error) {
    if (!duplicateKeyFields(error)) throw error;
    const completed = await registry.findOne({ _id: id, openedBy });
    if (!completed) throw idInUse(id, error);
    return completed;
  }
}

/** Returns the problem for a request whose entry was taken over by another request. */
async function conflictOf(
  registry: StoreRegistry,
  id: string,
): Promise<DuplicateKey | BeingOpened> {
  const entry = await registry.findOne({ _id: id, ready: true }, { fields: ['version'] });
  return entry
    ? idInUse(id)
    : new BeingOpened(
        `Another request is creating the store ${id}. Retry after the delay in Retry-After.`,
      );
}

const idInUse = (id: string, cause?: unknown) =>
  new DuplicateKey(
    `The store id ${id} is already in use, or its creation began on another cluster. Choose another id: ids of closed stores are not reused.`,
    { extra: { key: { id } }, cause },
  );
