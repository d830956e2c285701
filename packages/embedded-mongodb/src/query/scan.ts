import type { IndexReader } from '../storage/index.ts';
import type { Entry } from '../storage/sorted-keys.ts';
import type { Bound, Bounds } from './bounds.ts';
import { above, type Intervals, intersection, mirrored } from './intervals.ts';

/** A stretch of an index to be read. */
export interface Range {
  readonly low: string;
  readonly high: string | undefined;
  /** The keys of the fields, from the first on, that are one value each in this stretch. */
  readonly points: readonly string[];
}

/** What is to be read of an index for a filter. */
export interface Scan {
  readonly index: IndexReader;
  /** In rising order. */
  readonly ranges: readonly Range[];
  /** Whether the filter says anything about the index's first field. */
  readonly isBounded: boolean;
  /** About how many entries that is. */
  readonly estimate: number;
}

/** Beyond this many stretches, the one from the first to the last is as good. */
const mostRanges = 2000;

/** The paths at which documents have arrays on the way to this one. */
function arraysOn(index: IndexReader, path: string): string[] {
  return [...index.arrayPaths].filter((prefix) => path === prefix || path.startsWith(`${prefix}.`));
}

/** Whether two conditions are sure to speak of the same element of every array they share. */
function speakOfSame(index: IndexReader, a: Bound, b: Bound): boolean {
  const others = new Set(arraysOn(index, b.path));
  const shared = arraysOn(index, a.path).filter((prefix) => others.has(prefix));
  return shared.every((prefix) => {
    const scope = a.scopes.find(({ path }) => path === prefix);
    return scope !== undefined && b.scopes.includes(scope);
  });
}

/**
 * The keys that a field's condition leaves. Of several conditions on an array only those count
 * together that must hold for one element: another element may satisfy the others.
 */
function boundFor(
  index: IndexReader,
  { path, direction }: IndexReader['fields'][number],
  bounds: Bounds,
  used: readonly Bound[],
) {
  const fit = bounds.bounds.filter(
    (bound) => bound.path === path && used.every((other) => speakOfSame(index, other, bound)),
  );
  const choices = fit.map((bound) => {
    const together = fit.filter((other) => speakOfSame(index, bound, other));
    const intervals = together.reduce<Intervals>(
      (left, other) => intersection(left, other.intervals),
      bound.intervals,
    );
    return { ...bound, intervals };
  });
  const cost = ({ intervals }: Bound) =>
    intervals.length + (intervals.every(({ isPoint }) => isPoint) ? 0 : mostRanges);
  // Of the index's first field it can be told how many entries each choice leaves.
  const size = ({ intervals }: Bound) =>
    used.length > 0
      ? 0
      : stretches(intervals, direction).reduce(
          (total, { low, high }) => total + index.estimate(low, high),
          0,
        );
  return choices.sort((a, b) => cost(a) - cost(b) || size(a) - size(b))[0];
}

/** A range of the last field that is bounded, behind a fixed beginning. */
function rangeBehind(points: readonly string[], low = '', high?: string): Range {
  const prefix = points.join('');
  return { low: prefix + low, high: high === undefined ? above(prefix) : prefix + high, points };
}

/** One stretch for them all. */
function hull(intervals: Intervals): Intervals {
  const [first, last] = [intervals[0], intervals.at(-1)];
  if (!first || !last || first === last) return intervals;
  return [{ low: first.low, high: last.high, isPoint: false }];
}

/** Intervals of values, as they lie in an index of that direction. */
const stretches = (intervals: Intervals, direction: number): Intervals =>
  direction < 0 ? mirrored(intervals) : intervals;

/**
 * Says what to read of an index: for each combination of the values that its first fields must
 * equal, what the field behind them admits.
 *
 * @param index one whose keys are in the order of its fields' values
 * @param bounds what is known of the filter
 */
export function scanOf(index: IndexReader, bounds: Bounds): Scan {
  let prefixes: string[][] = [[]];
  let ranges: Range[] | undefined;
  const used: Bound[] = [];
  for (const field of index.fields) {
    const { direction } = field;
    const bound = boundFor(index, field, bounds, used);
    if (!bound) break;
    used.push(bound);
    const few = prefixes.length * bound.intervals.length <= mostRanges;
    const rising = few ? bound.intervals : hull(bound.intervals);
    const intervals = stretches(rising, direction);
    if (!intervals.every(({ isPoint }) => isPoint)) {
      ranges = prefixes.flatMap((points) =>
        intervals.map(({ low, high }) => rangeBehind(points, low, high)),
      );
      break;
    }
    prefixes = prefixes.flatMap((points) => intervals.map(({ low }) => [...points, low]));
  }
  ranges ??= prefixes.map((points) => rangeBehind(points));
  const sizes = ranges.map(({ low, high }) => index.estimate(low, high));
  const estimate = sizes.reduce((total, size) => total + size, 0);
  return { index, ranges, isBounded: used.length > 0, estimate };
}

/** Entries of several stretches as one sequence, by what is behind the stretches' first fields. */
function* merged(
  sources: readonly { entries: Iterator<Entry>; skip: number }[],
  backwards: boolean,
): Iterable<Entry> {
  const heads = sources.flatMap(({ entries, skip }) => {
    const { value, done } = entries.next();
    return done ? [] : [{ entries, skip, entry: value as Entry }];
  });
  const isBefore = (a: (typeof heads)[number], b: (typeof heads)[number]) => {
    const [x, y] = [a.entry.key.slice(a.skip), b.entry.key.slice(b.skip)];
    if (x === y) return backwards ? a.entry.id > b.entry.id : a.entry.id < b.entry.id;
    return backwards ? x > y : x < y;
  };
  while (heads.length > 0) {
    const next = heads.reduce((best, head) => (isBefore(head, best) ? head : best));
    yield next.entry;
    const { value, done } = next.entries.next();
    if (done) heads.splice(heads.indexOf(next), 1);
    else next.entry = value;
  }
}

/**
 * Reads an index.
 *
 * @param scan what of it
 * @param backwards from the highest key down
 * @param sortedFrom the first field by whose order the entries are to come; what is before it has
 *   one value in each stretch
 */
export function* entriesOf({ index, ranges }: Scan, backwards: boolean, sortedFrom = 0) {
  const groups = new Map<string, Range[]>();
  for (const range of backwards ? ranges.toReversed() : ranges) {
    const prefix = range.points.slice(0, sortedFrom).join('');
    const group = groups.get(prefix);
    if (group) group.push(range);
    else groups.set(prefix, [range]);
  }
  function* read(group: readonly Range[]) {
    for (const { low, high } of group) yield* index.range(low, high, backwards);
  }
  const sources = [...groups].map(([prefix, group]) => ({
    entries: read(group)[Symbol.iterator](),
    skip: prefix.length,
  }));
  const [only] = groups.values();
  if (groups.size > 1) yield* merged(sources, backwards);
  else if (only) yield* read(only);
}
