import { isPosition } from '../bson/paths.ts';
import { isView, type View } from '../bson/values.ts';

/** An own field of a document, and never what it inherits from Object.prototype. */
export function field(view: View, key: string): unknown {
  return Object.hasOwn(view, key) ? view[key] : undefined;
}

/**
 * Walks a dotted path as MongoDB's queries do: an array stands for each of its elements, and a
 * number may also be a position in it.
 *
 * @param value where to start
 * @param parts the path's parts
 * @param visit called with each value at the path, or with `undefined` where a field is missing.
 *   Arrays at the end of the path are not expanded
 * @returns true as soon as `visit` returns true
 */
export function reach(
  value: unknown,
  parts: readonly string[],
  visit: (found: unknown) => boolean,
  from = 0,
): boolean {
  const part = parts[from];
  if (part === undefined) return visit(value);
  if (isView(value)) return reach(field(value, part), parts, visit, from + 1);
  if (!Array.isArray(value)) return visit(undefined);
  if (isPosition(part) && Number(part) < value.length) {
    if (reach(value[Number(part)], parts, visit, from + 1)) return true;
  }
  return value.some((item) => isView(item) && reach(item, parts, visit, from));
}

/**
 * As reach, and an array at the path's end is visited itself and then element by element.
 *
 * @returns true as soon as a visit does
 */
export function reachEach(
  view: View,
  parts: readonly string[],
  visit: (found: unknown) => boolean,
): boolean {
  return reach(view, parts, (found) => {
    if (visit(found)) return true;
    return Array.isArray(found) && found.some((item) => visit(item));
  });
}

/**
 * What an index or a sort sees at a path: each element of an array, and nothing for a path that
 * leads nowhere.
 */
export function indexedValues(view: View, parts: readonly string[]): unknown[] {
  const values: unknown[] = [];
  reach(view, parts, (found) => {
    if (Array.isArray(found)) values.push(...(found.length > 0 ? found : [emptyArray]));
    else if (found !== undefined) values.push(found);
    return false;
  });
  return values;
}

/** Stands for an empty array among indexedValues. */
export const emptyArray = Symbol('empty array');
