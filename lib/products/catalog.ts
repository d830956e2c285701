import { ensureIndexes } from '@manystore/connections';
import type { Model } from 'mongoose';
import { leaseStore, primary } from '../connections.ts';
import { type Caller, requireAllStores } from '../http/caller.ts';
import { visibleStore } from '../http/visible-stores.ts';
import { type AdmittedStore, admitStore } from '../stores/registry.ts';
import { type ProductRecord, productsOn } from './record.ts';

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

/** Whose request it is, where it leads, and how long it may wait. */
export interface CatalogRequest<Path> {
  /** With a store, that store's products; without, the head catalog's. */
  path: Path;
  caller: Pick<Caller, 'stores'>;
  signal: AbortSignal;
}

/**
 * Opens the catalog that a request is about: `using catalog = await openCatalog(request, 'read')`.
 *
 * @throws {NotFound} when there is no such store, or none for the caller
 * @throws {StoreNotWritable} when it is asked for `write` and the store is not active
 * @throws {Forbidden} when the head catalog is asked for `write` by one whose token does not cover all stores
 */
export async function openCatalog(
  request: CatalogRequest<{ store: string }>,
  purpose: 'read' | 'write',
): Promise<StoreCatalog>;
export async function openCatalog(
  request: CatalogRequest<{ store?: string | undefined }>,
  purpose: 'read' | 'write',
): Promise<Catalog>;
export async function openCatalog(
  { path: { store: id }, caller, signal }: CatalogRequest<{ store?: string | undefined }>,
  purpose: 'read' | 'write',
): Promise<Catalog> {
  if (id === undefined) {
    if (purpose === 'write') requireAllStores(caller);
    return openHeadCatalog(purpose, signal);
  }
  return catalogOf(await admitStore(visibleStore(caller.stores, id), purpose, signal), signal);
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
