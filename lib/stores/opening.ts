import { duplicateKeyFields, ensureIndexes } from '@manystore/connections';
import type { Connection, Model } from 'mongoose';
import { leaseStore } from '../connections.ts';
import { BeingOpened, DuplicateKey } from '../http/problems.ts';
import { openRegistry } from './entries.ts';
import type { StoreRecord } from './record.ts';
import { admittedFrom } from './registry.ts';
import type { Store, StoreInput } from './schema.ts';
import { storeFrom } from './store-from.ts';

type Entries = Awaited<ReturnType<typeof openRegistry>>;

/** A store that is to be opened. */
export interface Opening extends StoreInput {
  /** Names the request. A request that is repeated after it has opened the store gets that store. */
  openedBy: string;
  /** Returns the models of a store's database, whose collections and indexes are created with the store. */
  modelsOf: (database: Connection) => Model<never>[];
}

/**
 * Opens a store: writes its entry to the registry, creates its collections and indexes, and then marks the entry as
 * ready, which makes the store visible. A crash in between leaves an entry that is not ready, and the same call
 * completes it.
 *
 * @throws {DuplicateKey} when the id is taken
 * @throws {BeingOpened} when another request opens the store at the same time
 */
export async function openStore(opening: Opening, signal: AbortSignal): Promise<Store> {
  const { id, openedBy } = opening;
  const registry = await openRegistry(signal);
  const entry = await enter(registry, opening);
  if (entry.ready) return storeFrom(entry);
  {
    using lease = await leaseStore(admittedFrom(entry).id, signal);
    const models = opening.modelsOf(lease.connection);
    await Promise.all(models.map((model) => ensureIndexes(model, signal)));
  }
  const $set = { ready: true, updatedAt: new Date() };
  const opened = await registry.findOneAndUpdate({ _id: id, openedBy }, { $set });
  if (!opened) throw await overtaken(registry, id);
  return storeFrom(opened);
}

/**
 * Writes an entry that is not ready, or takes such an entry over.
 *
 * @returns the entry. It is ready only if the same request has opened the store before
 * @throws {DuplicateKey} when another request has opened a store with this id
 */
async function enter(
  registry: Entries,
  { id, name, currency, openedBy }: Opening,
): Promise<StoreRecord> {
  const now = new Date();
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
    if (!own) throw taken(id, error);
    return own;
  }
}

/** Returns why another request that took the entry over prevails: it has opened the store, or is about to. */
async function overtaken(registry: Entries, id: string): Promise<DuplicateKey | BeingOpened> {
  const entry = await registry.findOne({ _id: id, ready: true }, { fields: ['version'] });
  return entry
    ? taken(id)
    : new BeingOpened(
        `Another request is creating the store ${id}. Retry after the delay in Retry-After.`,
      );
}

const taken = (id: string, cause?: unknown) =>
  new DuplicateKey(
    `The store id ${id} is already in use. Choose another id: ids of closed stores are not reused.`,
    { extra: { key: { id } }, cause },
  );
