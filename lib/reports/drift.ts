import { readArchive } from '../archive/archive.ts';
import { type VisibleStores, visibleIn } from '../http/visible-stores.ts';
import { RECORD } from './drift-expressions.ts';
import { driftPipeline } from './drift-pipeline.ts';
import { ELEMENT, type Path } from './known-paths.ts';
import type { Drift } from './schema.ts';

/** More rows than that help nobody. */
const MAX_ROWS = 1_000;
/** The walk may take as long as a request has. Whoever waits any longer has been answered. */
const MAX_DURATION_MS = 29_000;

/**
 * Compares the archive with today's schema of a product: the paths and types that records hold and the
 * schema does not know, and the required ones that they lack. The server walks through the records, and
 * sends what it has counted.
 *
 * @param stores whose records; all are everyone's, the head catalog's included
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
  // Each record counts for itself, so that nothing is more frequent; and an empty path is before all others.
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

/** RFC 6901, section 3, and `*` for any element of a list. */
const pointerTo = (path: Path): string =>
  path.map((name) => (name === ELEMENT ? '/*' : `/${escaped(name)}`)).join('');

const escaped = (name: string): string =>
  name === '*' ? '~2' : name.replaceAll('~', '~0').replaceAll('/', '~1');
