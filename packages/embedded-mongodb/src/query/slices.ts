import { setAt, valueAt } from '../bson/paths.ts';
import { type BsonDocument, type BsonValue, isView, type View } from '../bson/values.ts';

/** Part of an array that a projection keeps: from where (from the end if negative), how many. */
interface Slice {
  readonly parts: readonly string[];
  readonly start: number;
  readonly count: number;
}

function sliceOf(path: string, value: unknown): Slice | undefined {
  if (!isView(value) || !('$slice' in value)) return undefined;
  const numbers: unknown[] = Array.isArray(value.$slice) ? value.$slice : [value.$slice];
  const [first, second] = numbers;
  // With anything but numbers it is the aggregation's operator of that name.
  if (typeof first !== 'number') return undefined;
  const parts = path.split('.');
  if (typeof second === 'number') return { parts, start: first, count: second };
  return { parts, start: Math.min(first, 0), count: Math.abs(first) };
}

/**
 * Takes the slices out of a projection. By themselves they keep every other field; beside an
 * inclusion they include their own.
 *
 * @param spec the projection's plain view
 * @returns them, and the projection without
 */
export function splitSlices(spec: View): { slices: Slice[]; rest: View } {
  const slices: Slice[] = [];
  const rest: View = {};
  for (const [path, value] of Object.entries(spec)) {
    const slice = sliceOf(path, value);
    if (slice) slices.push(slice);
    else rest[path] = value;
  }
  const includes = Object.entries(rest).some(([path, value]) => path !== '_id' && Boolean(value));
  if (includes) for (const { parts } of slices) rest[parts.join('.')] = 1;
  return { slices, rest };
}

/**
 * Cuts the arrays that slices name.
 *
 * @param document exact values; changed in place
 * @returns the same document
 */
export function applySlices(document: BsonDocument, slices: readonly Slice[]): BsonDocument {
  for (const { parts, start, count } of slices) {
    const array: BsonValue = valueAt(document, parts);
    if (!Array.isArray(array)) continue;
    const from = start < 0 ? Math.max(array.length + start, 0) : start;
    setAt(document, parts, array.slice(from, from + count));
  }
  return document;
}
