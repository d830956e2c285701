import { readArchive } from '../archive/archive.ts';
import { type VisibleStores, visibleIn } from '../http/visible-stores.ts';
import { RECORD } from './drift-expressions.ts';
import { driftPipeline } from './drift-pipeline.ts';
import { ELEMENT, type Path } from './known-paths.ts';
import type { Drift } from './schema.ts';

const MAX_ROWS = 1_000;
/** The aggregation may take as long as a request can. */
const MAX_DURATION_MS = 29_000;

/**
 * Compares the archived records with the current product schema: counts the paths and types that the schema does not
 * declare, and the required members that records lack. The database aggregates the counts.
 *
 * @param stores the stores whose records are compared. `'all'` includes the records of the head catalog
 */
export async function driftOf(stores: VisibleStores, signal: AbortSignal): Promise<Drift> {
  const archive = await readArchive(signal);
  const store = visibleIn(stores);
  const pipeline = driftPipeline(store === undefined ? {} : { store }, MAX_ROWS + 2);
  const [total, ...rows] = await archive.aggregate<{ path: Path; type: string; count: number }>(
    pipeline,
    {
      allowDiskUse: true,
      readPreference: 'secondaryPreferred',
      maxTimeMS: MAX_DURATION_MS,
      socketTimeoutMS: MAX_DURATION_MS,
    },
  );
  // Every record has one row that counts it, so no other row has a higher count, and its empty path sorts first.
  if (total && total.type !== RECORD)
    throw new TypeError('The count of records must be the first result');
  return {
    records: total?.count ?? 0,
    items: rows
      .slice(0, MAX_ROWS)
      .map(({ path, type, count }) => ({ path: pointerTo(path), type, count })),
    more: rows.length > MAX_ROWS,
  };
}

/** Returns a JSON pointer (RFC 6901, section 3), with `*` for any element of a list. */
const pointerTo = (path: Path): string =>
  path.map((name) => (name === ELEMENT ? '/*' : `/${escaped(name)}`)).join('');

const escaped = (name: string): string =>
  name === '*' ? '~2' : name.replaceAll('~', '~0').replaceAll('/', '~1');
