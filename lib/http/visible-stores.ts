import { NotFound } from './problems.ts';

/** The stores that a caller may see: all of them, or those of these ids. */
export type VisibleStores = 'all' | readonly string[];

declare const visible: unique symbol;

/** A store's id that the caller may ask for. The registry takes no other, so that none can be forgotten. */
export type VisibleStoreId = string & { readonly [visible]: true };

/** Whether a store of that id is among them; there need not be one. */
export const covers = (stores: VisibleStores, id: string): boolean =>
  stores === 'all' || stores.includes(id);

/**
 * The id `id`, for one who may see that store. No database is asked: whether there is such a store makes no
 * difference to one who may not.
 *
 * @throws {NotFound} when the caller may not
 */
export function visibleStore(stores: VisibleStores, id: string): VisibleStoreId {
  if (!covers(stores, id)) throw unknownStore();
  return id as VisibleStoreId;
}

/** What is answered for a store that is not there, and for one that is not there for the caller. */
export const unknownStore = () =>
  new NotFound('The store does not exist, or the token does not cover it.');

/**
 * Those of the visible stores that a request is about.
 *
 * @param store the one that it names, if it names one. One that is not visible leaves none, as one that
 *   does not exist
 */
export function narrowedTo(stores: VisibleStores, store: string | undefined): VisibleStores {
  if (store === undefined) return stores;
  return covers(stores, store) ? [store] : [];
}

/** The condition on a field with a store's id; none when all are visible. */
export function visibleIn(stores: VisibleStores): string | { $in: readonly string[] } | undefined {
  if (stores === 'all') return undefined;
  const [only] = stores;
  return stores.length === 1 ? only : { $in: stores };
}
