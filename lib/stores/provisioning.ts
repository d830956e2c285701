import { duplicateKeyFields, ensureIndexes } from '@manystore/connections';
import type { Connection, Model } from 'mongoose';
import { leaseStore, serverNow } from '../connections.ts';
import { BeingOpened, DuplicateKey } from '../http/problems.ts';
import { openRegistry } from './entries.ts';
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
 * completes it.
 *
 * @throws {DuplicateKey} when the id is already in use
 * @throws {BeingOpened} when another request is creating the store at the same time
 */
export async function provisionStore(store: NewStore, signal: AbortSignal): Promise<Store> {
  const { id, openedBy } = store;
  const registry = await openRegistry(signal);
  const entry = await reserveEntry(registry, store, await serverNow(signal));
  if (entry.ready) return storeFrom(entry);
  {
    using lease = await leaseStore(admittedFrom(entry).id, signal);
    const models = store.modelsOf(lease.connection);
    await Promise.all(models.map((model) => ensureIndexes(model, signal)));
  }
  const complete = { $set: { ready: true }, $currentDate: { updatedAt: true } };
  const created = await registry.findOneAndUpdate({ _id: id, openedBy }, complete);
  if (!created) throw await conflictOf(registry, id);
  return storeFrom(created);
}

/**
 * Inserts an entry that is not ready, or takes over such an entry of another request.
 *
 * @returns the entry. It is ready only if the same request has already created the store
 * @throws {DuplicateKey} when another request has created a store with this id
 */
async function reserveEntry(
  registry: StoreRegistry,
  { id, name, currency, openedBy }: NewStore,
  now: Date,
): Promise<StoreRecord> {
  const update = {
    $set: { name, currency, status: 'active', version: 1, openedBy, updatedAt: now },
    $setOnInsert: { createdAt: now },
  };
  try {
    const entry = await registry.findOneAndUpdate({ _id: id, ready: false }, update, {
      upsert: true,
    });
    return entry as StoreRecord;
  } catch (error) {
    if (!duplicateKeyFields(error)) throw error;
    const own = await registry.findOne({ _id: id, openedBy });
    if (!own) throw idInUse(id, error);
    return own;
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
    `The store id ${id} is already in use. Choose another id: ids of closed stores are not reused.`,
    { extra: { key: { id } }, cause },
  );
