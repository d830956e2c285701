import { descending, emptyKey, sortKey } from '../bson/sort-key.ts';

/**
 * The keys from `low` on and below `high`: `''` is below every key, `undefined` above. A point is
 * the one key of a value.
 */
export interface Interval {
  readonly low: string;
  readonly high: string | undefined;
  readonly isPoint: boolean;
}

/** Intervals in rising order that do not touch each other. */
export type Intervals = readonly Interval[];

export const everything: Intervals = [{ low: '', high: undefined, isPoint: false }];

/** The first string that is above every string with this beginning; undefined if none is. */
export function above(prefix: string): string | undefined {
  for (let at = prefix.length - 1; at >= 0; at--) {
    const unit = prefix.charCodeAt(at);
    if (unit < 0xffff) return prefix.slice(0, at) + String.fromCharCode(unit + 1);
  }
  return undefined;
}

/** The keys that begin with a prefix, which for the whole key of a value is a point. */
export function beginningWith(prefix: string, isPoint = false): Interval {
  return { low: prefix, high: above(prefix), isPoint };
}

export function pointAt(value: unknown): Interval {
  return beginningWith(sortKey(value), true);
}

export const nullPoint = pointAt(null);
export const emptyArrayPoint = beginningWith(emptyKey, true);

export function isBelow(low: string, high: string | undefined): boolean {
  return high === undefined || low < high;
}

function lower(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined) return b;
  return b === undefined || a < b ? a : b;
}

function higher(a: string, b: string): string {
  if (a > b) return a;
  return b;
}

/** The keys that are in any of some intervals. */
export function union(intervals: Iterable<Interval>): Intervals {
  const ordered = [...intervals].sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0));
  const merged: Interval[] = [];
  for (const next of ordered) {
    const last = merged.at(-1);
    if (!last || (last.high !== undefined && last.high < next.low)) {
      merged.push(next);
    } else if (last.isPoint && next.isPoint && last.high === next.low) {
      // Neighbours, but two points still: an index with further fields can use them as such.
      merged.push(next);
    } else if (!(last.isPoint && next.isPoint)) {
      const high = lower(last.high, next.high) === last.high ? next.high : last.high;
      merged[merged.length - 1] = { low: last.low, high, isPoint: false };
    }
  }
  return merged;
}

/** The keys that are in both. */
export function intersection(as: Intervals, bs: Intervals): Intervals {
  const common: Interval[] = [];
  for (const a of as) {
    for (const b of bs) {
      const low = higher(a.low, b.low);
      const high = lower(a.high, b.high);
      if (isBelow(low, high)) common.push({ low, high, isPoint: a.isPoint || b.isPoint });
    }
  }
  return union(common);
}

/** Whether every key of the one is in the other. */
export function isWithin(inner: Intervals, outer: Intervals): boolean {
  return inner.every(({ low, high }) =>
    outer.some((o) => o.low <= low && (o.high === undefined || lower(high, o.high) === high)),
  );
}

function reversed(boundary: string): string | undefined {
  return above(descending(boundary));
}

/** Returns the intervals of the same values in a descending field of an index. */
export function mirrored(intervals: Intervals): Intervals {
  return intervals.toReversed().map(({ low, high, isPoint }) =>
    isPoint
      ? beginningWith(descending(low), true)
      : {
          low: high === undefined ? '' : (reversed(high) ?? ''),
          high: low === '' ? undefined : reversed(low),
          isPoint,
        },
  );
}
