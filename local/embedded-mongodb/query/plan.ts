import { sortKey } from '../bson/sort-key.ts';
import { isView, type View } from '../bson/values.ts';
import type { Collection } from '../storage/collection.ts';
import type { StoredDocument } from '../storage/document.ts';
import type { Index } from '../storage/index.ts';
import { compileFilter } from './filter.ts';

/** Beyond this many keys to look up, reading the whole collection is as good. */
const mostLookups = 1000;

/** A value that an index files under its own key; an array is filed by its elements. */
function isPoint(value: unknown): boolean {
  return !Array.isArray(value) && !(value instanceof RegExp);
}

/** The values that a condition on one path admits, or undefined if it admits others too. */
function pointsOf(condition: unknown): unknown[] | undefined {
  if (!isView(condition)) return isPoint(condition) ? [condition] : undefined;
  const names = Object.keys(condition);
  if (!names.some((name) => name.startsWith('$'))) return [condition];
  if ('$eq' in condition) return isPoint(condition.$eq) ? [condition.$eq] : undefined;
  const members = condition.$in;
  return Array.isArray(members) && members.every(isPoint) ? members : undefined;
}

/** Every path of a filter that has to equal one of a few values. */
function collectPoints(filter: View, points = new Map<string, unknown[]>()) {
  for (const [path, condition] of Object.entries(filter)) {
    if (path === '$and' && Array.isArray(condition)) {
      for (const part of condition) if (isView(part)) collectPoints(part, points);
    } else if (!path.startsWith('$')) {
      const found = pointsOf(condition);
      if (found && !points.has(path)) points.set(path, found);
    }
  }
  return points;
}

/** Whether every document that this filter finds is in the index. */
function isComplete(index: Index, filter: View, points: Map<string, unknown[]>): boolean {
  if (index.sparse && index.fields.every(({ path }) => points.get(path)?.includes(null))) {
    return false;
  }
  if (!index.partial) return true;
  return Object.entries(index.partial).every(
    ([path, condition]) => Object.hasOwn(filter, path) && same(filter[path], condition),
  );
}

function same(a: unknown, b: unknown): boolean {
  return sortKey(a) === sortKey(b);
}

function combinations(columns: readonly (readonly unknown[])[]): unknown[][] {
  return columns.reduce<unknown[][]>(
    (rows, column) => rows.flatMap((row) => column.map((value) => [...row, value])),
    [[]],
  );
}

/** The keys to look up in an index, or undefined if it does not serve this filter. */
function lookupKeys(index: Index, filter: View, points: Map<string, unknown[]>) {
  if (!index.ordered || !isComplete(index, filter, points)) return undefined;
  const columns: unknown[][] = [];
  let lookups = 1;
  for (const { path } of index.fields) {
    const column = points.get(path);
    if (!column) return undefined;
    lookups *= column.length;
    columns.push(column);
  }
  if (lookups > mostLookups) return undefined;
  return combinations(columns).map((values) => index.keyFor(values));
}

function* byId(collection: Collection, ids: readonly unknown[]): Iterable<StoredDocument> {
  for (const key of new Set(ids.map((id) => sortKey(id)))) {
    const document = collection.get(key);
    if (document) yield document;
  }
}

function* byIndex(
  collection: Collection,
  index: Index,
  keys: readonly string[],
): Iterable<StoredDocument> {
  const seen = new Set<string>();
  for (const key of keys) {
    for (const idKey of index.find(key)) {
      if (seen.has(idKey)) continue;
      seen.add(idKey);
      const document = collection.get(idKey);
      if (document) yield document;
    }
  }
}

/** The documents among which a filter's matches are: by `_id`, by an index, or all of them. */
function candidates(collection: Collection, filter: View): Iterable<StoredDocument> {
  const points = collectPoints(filter);
  const ids = points.get('_id');
  if (ids) return byId(collection, ids);
  for (const index of points.size > 0 ? collection.indexes : []) {
    const keys = lookupKeys(index, filter, points);
    if (keys) return byIndex(collection, index, keys);
  }
  return collection.documents();
}

/**
 * Finds documents, one after the other as they are asked for.
 *
 * @param collection undefined for one that does not exist
 * @param filter the query's plain view
 * @param variables the command's `let`
 * @throws Error for a malformed filter, at once and even if there is nothing to search
 */
export function search(
  collection: Collection | undefined,
  filter: View,
  variables?: View,
): Iterable<StoredDocument> {
  const matches = compileFilter(filter, variables);
  if (!collection) return [];
  const source = candidates(collection, filter);
  return (function* found() {
    for (const document of source) if (matches(document.view)) yield document;
  })();
}
