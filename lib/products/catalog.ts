import { ensureIndexes } from '@manystore/connections';
import type { Connection, mongo } from 'mongoose';
import { leaseStore, primary } from '../connections.ts';
import { type Caller, requireAllStores } from '../http/caller.ts';
import { visibleStore } from '../http/visible-stores.ts';
import { markChanged } from '../stores/change-marks.ts';
import { type AdmittedStore, admitStore } from '../stores/registry.ts';
import { ProductCollection } from './collection.ts';
import { productsOn } from './record.ts';

/** The head catalog, or the catalog of a store. Dispose of it after use. */
export interface Catalog extends Disposable {
  /** The store that the products belong to; null for the head catalog. */
  readonly store: AdmittedStore | null;
  readonly products: ProductCollection;
  /** The database that the products are in. */
  readonly database: Connection;
  /** Aborts every operation on the catalog. */
  readonly signal: AbortSignal;
}

/** The catalog of a store. */
export interface StoreCatalog extends Catalog {
  readonly store: AdmittedStore;
}

/** The caller that opens a catalog, and the signal that aborts all operations on it. */
export interface Access {
  caller: Pick<Caller, 'stores'>;
  signal: AbortSignal;
}

/**
 * Opens a catalog: `using catalog = await openCatalog(path.store, 'read', access)`.
 *
 * @param store the id of a store; undefined for the head catalog
 * @throws {NotFound} when there is no such store, or the caller may not see it
 * @throws {StoreNotWritable} when the purpose is `write` and the store is not active
 * @throws {Forbidden} when the purpose is `write`, the catalog is the head catalog, and the caller's token does not
 *   cover all stores
 */
export async function openCatalog(
  store: string,
  purpose: 'read' | 'write',
  access: Access,
): Promise<StoreCatalog>;
export async function openCatalog(
  store: string | undefined,
  purpose: 'read' | 'write',
  access: Access,
): Promise<Catalog>;
export async function openCatalog(
  store: string | undefined,
  purpose: 'read' | 'write',
  { caller, signal }: Access,
): Promise<Catalog> {
  if (store === undefined) {
    if (purpose === 'write') requireAllStores(caller, 'a change of the head catalog');
    return openHeadCatalog(purpose, signal);
  }
  const admitted = await admitStore(visibleStore(caller.stores, store), purpose, signal);
  return catalogOf(admitted, purpose, signal);
}

/** Opens the catalog of a store whose status was already checked. To write, the store is marked as changed first. */
export async function catalogOf(
  store: AdmittedStore,
  purpose: 'read' | 'write',
  signal: AbortSignal,
): Promise<StoreCatalog> {
  const lease = await leaseStore(store, signal);
  try {
    if (purpose === 'write') await markChanged(store, signal);
  } catch (error) {
    lease[Symbol.dispose]();
    throw error;
  }
  return {
    store,
    products: new ProductCollection(productsOn(lease.connection), signal),
    database: lease.connection,
    signal,
    [Symbol.dispose]: () => lease[Symbol.dispose](),
  };
}

/** Opens the head catalog, without checking whether the caller may change it. */
export async function openHeadCatalog(
  purpose: 'read' | 'write',
  signal: AbortSignal,
): Promise<Catalog> {
  const database = await primary(signal);
  const model = productsOn(database);
  // A store's indexes are created with the store. Those of the head catalog are created by the first write of each
  // container; without the unique index, two products could have the same SKU.
  if (purpose === 'write') await ensureIndexes(model, signal);
  const products = new ProductCollection(model, signal);
  return { store: null, products, database, signal, [Symbol.dispose]: () => {} };
}

/** Returns a catalog with all operations in a transaction, or the catalog itself without one. Dispose only of the original. */
export const within = <C extends Catalog>(catalog: C, session?: mongo.ClientSession): C =>
  session ? { ...catalog, products: catalog.products.within(session) } : catalog;
