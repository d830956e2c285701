import type { View } from '../bson/values.ts';
import type { Scan } from './scan.ts';

/** How an index is to be read so that a sort needs no sorting. */
export interface IndexOrder {
  readonly backwards: boolean;
  /** The field that the order begins with; see entriesOf. */
  readonly sortedFrom: number;
}

function hasArrays({ index }: Scan, path: string): boolean {
  return [...index.arrayPaths].some((prefix) => path === prefix || path.startsWith(`${prefix}.`));
}

/** How many of an index's first fields must equal something, and which must equal one value. */
function fixedFields(scan: Scan): { points: number; constants: Set<string> } {
  const points = Math.min(...scan.ranges.map((range) => range.points.length));
  const constants = new Set<string>();
  for (const [at, { path }] of scan.index.fields.slice(0, points).entries()) {
    const values = new Set(scan.ranges.map((range) => range.points[at]));
    if (values.size === 1 && !hasArrays(scan, path)) constants.add(path);
  }
  return { points, constants };
}

/**
 * Whether an index gives its documents in the order that a sort asks for.
 *
 * @param scan what is read of it
 * @param sort paths and directions
 * @returns how to read it, or undefined if the documents have to be sorted
 */
export function orderOf(scan: Scan, sort: View): IndexOrder | undefined {
  if (scan.ranges.length === 0) return { backwards: false, sortedFrom: 0 };
  const { points, constants } = fixedFields(scan);
  const wanted = Object.entries(sort).filter(([path]) => !constants.has(path));
  if (wanted.some(([path]) => hasArrays(scan, path))) return undefined;
  // Under one key, the documents are in the order of their `_id`.
  const fields = [...scan.index.fields, { path: '_id', direction: 1 }];
  let backwards: boolean | undefined;
  let sortedFrom = 0;
  let matched = 0;
  for (const [at, { path, direction }] of fields.entries()) {
    const [wantedPath, wantedDirection] = wanted[matched] ?? [];
    if (wantedPath === undefined) break;
    if (path === wantedPath) {
      const turned = wantedDirection !== direction;
      if (backwards !== undefined && backwards !== turned) return undefined;
      if (matched === 0) sortedFrom = at;
      backwards = turned;
      matched += 1;
    } else if (at >= points || (matched > 0 && !constants.has(path))) {
      return undefined;
    }
  }
  return matched < wanted.length ? undefined : { backwards: backwards ?? false, sortedFrom };
}
