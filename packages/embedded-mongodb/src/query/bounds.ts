import { isView, type View } from '../bson/values.ts';
import { equalTo, hasOperators, intervalsOf } from './conditions.ts';
import { type Intervals, intersection, union } from './intervals.ts';

/** An $elemMatch: what is asked within it is asked of one element of the array at its path. */
export interface ElementScope {
  readonly path: string;
}

/** What a filter says about the values at one path: one of them at least is in the intervals. */
export interface Bound {
  readonly path: string;
  readonly intervals: Intervals;
  /** The $elemMatches that it is said in, outermost first. */
  readonly scopes: readonly ElementScope[];
}

/** What can be read from a filter without looking at a document. */
export interface Bounds {
  readonly bounds: Bound[];
  /** Paths that `$exists` says must be there. */
  readonly required: Set<string>;
  /** The branches of each $or. */
  readonly alternatives: View[][];
}

interface Place {
  readonly prefix: string;
  readonly scopes: readonly ElementScope[];
}

const logical = new Set(['$and', '$or', '$nor', '$expr', '$not']);

function views(value: unknown): View[] {
  return Array.isArray(value) ? value.filter(isView) : [];
}

function collect(filter: View, found: Bounds, place: Place): void {
  for (const [name, condition] of Object.entries(filter)) {
    if (name === '$and') {
      for (const part of views(condition)) collect(part, found, place);
    } else if (name === '$or') {
      collectAlternatives(views(condition), found, place);
    } else if (!name.startsWith('$')) {
      collectPath(place.prefix + name, condition, found, place.scopes);
    }
  }
}

/** What all branches of an $or bound is bounded by them together. */
function collectAlternatives(branches: View[], found: Bounds, place: Place): void {
  if (place.scopes.length === 0) found.alternatives.push(branches);
  const each = branches.map((branch) => {
    const own: Bounds = { bounds: [], required: new Set(), alternatives: [] };
    collect(branch, own, place);
    return own;
  });
  const [first, ...others] = each;
  if (!first) return;
  for (const path of new Set(first.bounds.map((bound) => bound.path))) {
    const intervals = each.map((own) => own.bounds.find((bound) => bound.path === path)?.intervals);
    if (intervals.some((known) => known === undefined)) continue;
    const joined = union(intervals.flatMap((known) => known ?? []));
    found.bounds.push({ path, intervals: joined, scopes: place.scopes });
  }
  for (const path of first.required) {
    if (others.every((own) => own.required.has(path))) found.required.add(path);
  }
}

function collectPath(
  path: string,
  condition: unknown,
  found: Bounds,
  scopes: readonly ElementScope[],
): void {
  if (!hasOperators(condition)) {
    found.bounds.push({ path, intervals: equalTo(condition), scopes });
    return;
  }
  for (const [operator, argument] of Object.entries(condition)) {
    if (operator === '$elemMatch' && isView(argument)) {
      collectElement(path, argument, found, scopes);
    } else if (operator === '$all' && Array.isArray(argument)) {
      for (const item of argument) collectPath(path, item, found, scopes);
    } else {
      if (operator === '$exists' && argument) found.required.add(path);
      const intervals = intervalsOf(operator, argument, condition);
      if (intervals) found.bounds.push({ path, intervals, scopes });
    }
  }
}

function collectElement(
  path: string,
  criteria: View,
  found: Bounds,
  outer: readonly ElementScope[],
): void {
  const scopes = [...outer, { path }];
  const names = Object.keys(criteria);
  if (names.some((name) => !name.startsWith('$') || logical.has(name))) {
    collect(criteria, found, { prefix: `${path}.`, scopes });
    return;
  }
  let intervals: Intervals | undefined;
  for (const [operator, argument] of Object.entries(criteria)) {
    const next = intervalsOf(operator, argument, criteria);
    if (next) intervals = intervals ? intersection(intervals, next) : next;
  }
  if (intervals) found.bounds.push({ path, intervals, scopes });
}

/**
 * Reads from a filter which keys of an index its matches can have.
 *
 * @param filter the query's plain view
 */
export function boundsOf(filter: View): Bounds {
  const found: Bounds = { bounds: [], required: new Set(), alternatives: [] };
  collect(filter, found, { prefix: '', scopes: [] });
  return found;
}
