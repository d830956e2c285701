import { NotFound } from './problems.ts';

/** The stores that a caller's token covers: all stores, or a list of ids. */
export type VisibleStores = 'all' | readonly string[];

declare const visible: unique symbol;

/** A store id that the caller's token covers. The registry accepts no other type, so the check cannot be skipped. */
export type VisibleStoreId = string & { readonly [visible]: true };

/** Returns whether a token covers a store id, whether or not the store exists. */
export const covers = (stores: VisibleStores, id: string): boolean =>
  stores === 'all' || stores.includes(id);

/**
 * Returns a store id after checking that the token covers it. It queries no database, so that a caller cannot find out
 * whether a store exists that the token does not cover.
 *
 * @throws {NotFound} when the token does not cover it
 */
export function visibleStore(stores: VisibleStores, id: string): VisibleStoreId {
  if (!covers(stores, id)) throw unknownStore();
  return id as VisibleStoreId;
}

/** Returns the problem for a store that does not exist, and for one that the token does not cover. */
export const unknownStore = () =>
  new NotFound('The store does not exist, or the token does not cover it.');

/**
 * Narrows the visible stores to the store that a request names, if it names one.
 *
 * @param store a store id. One that the token does not cover leaves no stores, like one that does not exist
 */
export function narrowedTo(stores: VisibleStores, store: string | undefined): VisibleStores {
  if (store === undefined) return stores;
  return covers(stores, store) ? [store] : [];
}

/** Returns the query condition for a field with a store id; undefined if all stores are visible. */
export function visibleIn(stores: VisibleStores): string | { $in: readonly string[] } | undefined {
  if (stores === 'all') return undefined;
  const [only] = stores;
  return stores.length === 1 ? only : { $in: stores };
}
