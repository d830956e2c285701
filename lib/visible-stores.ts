/** The stores that a caller may see. */
export type VisibleStores = 'all' | readonly string[];

/**
 * Those of the visible stores that a request is about.
 *
 * @param store the one that it names, if it names one. One that is not visible leaves none, as one that
 *   does not exist
 */
export function narrowedTo(visible: VisibleStores, store: string | undefined): VisibleStores {
  if (store === undefined) return visible;
  return visible === 'all' || visible.includes(store) ? [store] : [];
}

/** The condition on a field with a store's id; none when all are visible. */
export function visibleIn(visible: VisibleStores): string | { $in: readonly string[] } | undefined {
  if (visible === 'all') return undefined;
  const [only] = visible;
  return visible.length === 1 ? only : { $in: visible };
}
