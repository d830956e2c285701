import type { Model } from 'mongoose';
import { leaseStore, primary } from './connections.ts';
import { ensureIndexes } from './models/indexes.ts';
import { type ProductRecord, productsOn } from './models/product.ts';
import { type AdmittedStore, admitStore } from './stores.ts';

/** Products in one place: the head catalog, or a store. Dispose of it when the operation is done with it. */
export interface Catalog extends Disposable {
  /** The store that the products belong to; null is the head catalog. */
  readonly store: AdmittedStore | null;
  readonly products: Model<ProductRecord>;
}

/** The catalog of a store. */
export interface StoreCatalog extends Catalog {
  readonly store: AdmittedStore;
}

/**
 * Opens the catalog of a path: `using catalog = await openCatalog(path, 'read', signal)`.
 *
 * @param path with a store, that store's products; without, the head catalog's
 * @throws {NotFound} when there is no such store
 * @throws {StoreNotWritable} when it is asked for `write` and the store is not active
 */
export async function openCatalog(
  path: { store: string },
  purpose: 'read' | 'write',
  signal: AbortSignal,
): Promise<StoreCatalog>;
export async function openCatalog(
  path: { store?: string | undefined },
  purpose: 'read' | 'write',
  signal: AbortSignal,
): Promise<Catalog>;
export async function openCatalog(
  { store: id }: { store?: string | undefined },
  purpose: 'read' | 'write',
  signal: AbortSignal,
): Promise<Catalog> {
  if (id === undefined) return openHeadCatalog(purpose, signal);
  return catalogOf(await admitStore(id, purpose, signal), signal);
}

/** The catalog of a store that has been admitted. */
export async function catalogOf(store: AdmittedStore, signal: AbortSignal): Promise<StoreCatalog> {
  const lease = await leaseStore(store.id, signal);
  return {
    store,
    products: productsOn(lease.connection),
    [Symbol.dispose]: () => lease[Symbol.dispose](),
  };
}

async function openHeadCatalog(purpose: 'read' | 'write', signal: AbortSignal): Promise<Catalog> {
  const products = productsOn(await primary(signal));
  // A store's indexes are made when it is opened. The head catalog is never opened, so its first write in
  // a container sees to them: without the unique one, two products could have one SKU.
  if (purpose === 'write') await ensureIndexes(products, signal);
  return { store: null, products, [Symbol.dispose]: () => {} };
}
