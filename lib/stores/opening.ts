import { duplicateKeyFields, ensureIndexes, retryOnce } from '@manystore/connections';
import { type AdmittedStoreId, leaseStore, primary } from '../connections.ts';
import { BeingOpened, DuplicateKey } from '../http/problems.ts';
import { modelsOfStore } from '../indexes/in-store.ts';
import { Store as Registry, type StoreRecord } from './record.ts';
import { present } from './registry.ts';
import type { Store, StoreInput } from './schema.ts';

/**
 * Opens a store: its entry in the registry, then its collections and indexes, then the entry is ready and
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
    const models = modelsOfStore(store.connection);
    await Promise.all(models.map((model) => ensureIndexes(model, signal)));
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
    if (!duplicateKeyFields(error)) throw error;
    const own = await retryOnce(() =>
      Registry.findOne({ _id: id, openedBy }, null, { signal }).lean<StoreRecord>(),
    );
    if (!own) throw taken(id, error);
    return own;
  }
}

/** Another request took the entry over: the store is that one's, or will be if it succeeds. */
async function overtaken(id: string, signal: AbortSignal): Promise<DuplicateKey | BeingOpened> {
  const record = await retryOnce(() =>
    Registry.findOne({ _id: id, ready: true }, { _id: 1 }, { signal }).lean(),
  );
  return record ? taken(id) : new BeingOpened(`Another request opens the store ${id} just now.`);
}

const taken = (id: string, cause?: unknown) =>
  new DuplicateKey(`The store id ${id} is taken.`, { extra: { key: { id } }, cause });
