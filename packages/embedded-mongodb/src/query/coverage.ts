import { sortKey } from '../bson/sort-key.ts';
import { isView, type View } from '../bson/values.ts';
import type { IndexReader } from '../storage/index.ts';
import type { Bounds } from './bounds.ts';
import { equalTo, hasOperators, intervalsOf } from './conditions.ts';
import { type Intervals, intersection, isWithin, nullPoint } from './intervals.ts';

function excludesMissing(path: string, { bounds, required }: Bounds): boolean {
  if (required.has(path)) return true;
  return bounds.some(
    (bound) => bound.path === path && intersection(bound.intervals, [nullPoint]).length === 0,
  );
}

/** Operators whose keys are exactly those of the values that satisfy them. */
const exact = new Set(['$eq', '$in', '$gt', '$gte', '$lt', '$lte']);

function impliesOne(path: string, operator: string, argument: unknown, bounds: Bounds): boolean {
  if (operator === '$exists' && argument) return excludesMissing(path, bounds);
  if (!exact.has(operator)) return false;
  const outer: Intervals | undefined = intervalsOf(operator, argument, {});
  return (
    outer !== undefined &&
    bounds.bounds.some((bound) => bound.path === path && isWithin(bound.intervals, outer))
  );
}

function impliesCondition(path: string, condition: unknown, filter: View, bounds: Bounds): boolean {
  if (Object.hasOwn(filter, path) && sortKey(filter[path]) === sortKey(condition)) return true;
  if (!hasOperators(condition)) {
    const outer = equalTo(condition);
    return bounds.bounds.some((bound) => bound.path === path && isWithin(bound.intervals, outer));
  }
  return Object.entries(condition).every(([operator, argument]) =>
    impliesOne(path, operator, argument, bounds),
  );
}

/** Whether every document that a filter finds satisfies another one, as far as one can see. */
function implies(filter: View, bounds: Bounds, other: View): boolean {
  return Object.entries(other).every(([path, condition]) => {
    const parts = Array.isArray(condition) ? condition.filter(isView) : [];
    if (path === '$and') return parts.every((part) => implies(filter, bounds, part));
    if (path === '$or') return parts.some((part) => implies(filter, bounds, part));
    return !path.startsWith('$') && impliesCondition(path, condition, filter, bounds);
  });
}

/**
 * Whether every document that a filter finds is in an index, which may be sparse or partial.
 *
 * @param index the index
 * @param filter the query's plain view
 * @param bounds what boundsOf read from it
 */
export function isComplete(index: IndexReader, filter: View, bounds: Bounds): boolean {
  if (index.sparse && !index.fields.some(({ path }) => excludesMissing(path, bounds))) return false;
  return index.partial === undefined || implies(filter, bounds, index.partial);
}
