import { descending, emptyKey, sortKey } from '../bson/sort-key.ts';
import { isView, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { emptyArray, indexedValues } from '../storage/paths.ts';

/**
 * Turns a sort into a function from a document's view to one string, by which `<` sorts.
 *
 * @param spec paths and 1 or -1
 * @throws MongoCommandError 2 for another direction
 */
export function sortKeyer(spec: View): (view: View) => string {
  const columns = Object.entries(spec).map(([path, direction]) => {
    if (direction !== 1 && direction !== -1) {
      throw new MongoCommandError(2, `Illegal key in $sort specification: ${path}: ${direction}`);
    }
    return { parts: path.split('.'), direction: direction === 1 ? (1 as const) : (-1 as const) };
  });
  return (view) => {
    let key = '';
    for (const { parts, direction } of columns) {
      const best = bestKey(indexedValues(view, parts), direction);
      key += direction < 0 ? descending(best) : best;
    }
    return key;
  };
}

/** Of an array, the smallest element counts going up and the largest going down. */
function bestKey(values: readonly unknown[], direction: 1 | -1): string {
  let best: string | undefined;
  for (const value of values) {
    const key = value === emptyArray ? emptyKey : sortKey(value);
    if (best === undefined || (direction > 0 ? key < best : key > best)) best = key;
  }
  return best ?? sortKey(null);
}

/**
 * Sorts stably in MongoDB's order.
 *
 * @param items what to sort; not changed
 * @param spec paths and directions
 * @param view an item's view
 * @returns a new array
 */
export function sorted<T>(items: Iterable<T>, spec: View, view: (item: T) => View): T[] {
  const keyOf = sortKeyer(spec);
  const keyed = Array.from(items, (item) => ({ key: keyOf(view(item)), item }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ item }) => item);
}

/**
 * The first few of what sorted gives, without sorting the rest.
 *
 * @param count how many
 */
export function smallest<T>(
  items: Iterable<T>,
  spec: View,
  view: (item: T) => View,
  count: number,
): T[] {
  const keyOf = sortKeyer(spec);
  const room = Math.max(2 * count, 1000);
  let kept: { key: string; item: T }[] = [];
  let limit: string | undefined;
  const byKey = (a: { key: string }, b: { key: string }) =>
    a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
  for (const item of items) {
    const key = keyOf(view(item));
    if (limit !== undefined && key >= limit) continue;
    kept.push({ key, item });
    if (kept.length < room) continue;
    // Sorted and cut only now and then: what is above the last one kept is not even taken in.
    kept = kept.sort(byKey).slice(0, count);
    limit = kept.at(-1)?.key;
  }
  return kept
    .sort(byKey)
    .slice(0, count)
    .map(({ item }) => item);
}

/** A sort as commands send it, or undefined when it is absent or empty. */
export function sortSpec(value: unknown): View | undefined {
  return isView(value) && Object.keys(value).length > 0 ? value : undefined;
}
