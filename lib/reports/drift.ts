import { serverTime } from '@manystore/connections';
import { type Archive, readArchive } from '../archive/archive.ts';
import { secondary } from '../connections.ts';
import { Collection } from '../documents/collection.ts';
import { type VisibleStores, visibleIn } from '../http/visible-stores.ts';
import { RECORD } from './drift-expressions.ts';
import { driftPipeline } from './drift-pipeline.ts';
import { type DriftCounts, type DriftRow, driftOn } from './drift-record.ts';
import { ELEMENT, type Path } from './known-paths.ts';
import type { Drift } from './schema.ts';

const MAX_ROWS = 1_000;
/** The number of records that a request compares itself: a server takes at most about a second for them. */
const MAX_COMPARED = 1_000;
/** The aggregation may take as long as a request can. */
const MAX_DURATION_MS = 29_000;

/** Reports may be read from the secondary nodes of a replica set. */
const anyMember = {
  allowDiskUse: true,
  readPreference: 'secondaryPreferred',
  maxTimeMS: MAX_DURATION_MS,
  socketTimeoutMS: MAX_DURATION_MS,
} as const;

/**
 * Reports how the archived records differ from the current product schema: the paths and types that the schema does not
 * declare, and the required members that records lack. Up to a thousand records are compared by the request. For more, it
 * adds up the summaries of their stores, which `take-snapshots` keeps.
 *
 * @param stores the stores whose records are compared. `'all'` includes the records of the head catalog
 */
export async function driftOf(stores: VisibleStores, signal: AbortSignal): Promise<Drift> {
  const archive = await readArchive(signal);
  const ids = visibleIn(stores);
  const filter = ids === undefined ? {} : { store: ids };
  const [{ records = 0 } = {}] = await archive.aggregate<{ records: number }>(
    [{ $match: filter as never }, { $limit: MAX_COMPARED + 1 }, { $count: 'records' }],
    anyMember,
  );
  if (records > MAX_COMPARED) return summaryOf(filter, signal);
  // The primary may be unavailable.
  const now = await serverTime(await secondary(signal), signal);
  const { rows, ...counts } = await compareRecords(archive, filter, MAX_ROWS);
  return { ...counts, items: rows, at: now.toISOString() };
}

/**
 * Compares archived records with the product schema. The database aggregates the counts.
 *
 * @param filter selects the records
 * @param limit the maximum number of differences; the most frequent come first
 */
export async function compareRecords(
  archive: Archive,
  filter: Record<string, unknown>,
  limit: number,
): Promise<DriftCounts> {
  const pipeline = driftPipeline(filter, limit + 2);
  const [total, ...rows] = await archive.aggregate<{ path: Path; type: string; count: number }>(
    pipeline,
    anyMember,
  );
  // Every record has one row that counts it, so no other row has a higher count, and its empty path sorts first.
  if (total && total.type !== RECORD)
    throw new TypeError('The count of records must be the first result');
  return {
    records: total?.count ?? 0,
    rows: rows
      .slice(0, limit)
      .map(({ path, type, count }) => ({ path: pointerTo(path), type, count })),
    more: rows.length > limit,
  };
}

/** Adds up the summaries of stores. */
async function summaryOf(filter: Record<string, unknown>, signal: AbortSignal): Promise<Drift> {
  const summaries = new Collection(driftOn(await secondary(signal)), signal);
  const own = { $match: filter as never };
  const [total] = await summaries.aggregate<{ records: number; more: number; at: Date }>(
    [
      own,
      {
        $group: {
          _id: null,
          records: { $sum: '$records' },
          more: { $sum: { $cond: ['$more', 1, 0] } },
          at: { $min: '$at' },
        },
      },
    ],
    anyMember,
  );
  const rows = await summaries.aggregate<{ _id: Omit<DriftRow, 'count'>; count: number }>(
    [
      own,
      { $project: { rows: 1 } },
      { $unwind: '$rows' },
      {
        $group: {
          _id: { path: '$rows.path', type: '$rows.type' },
          count: { $sum: '$rows.count' },
        },
      },
      { $sort: { count: -1, _id: 1 } },
      { $limit: MAX_ROWS + 1 },
    ],
    anyMember,
  );
  const isComplete = total !== undefined && total.at.getTime() > 0;
  return {
    records: total?.records ?? 0,
    items: rows.slice(0, MAX_ROWS).map(({ _id, count }) => ({ ..._id, count })),
    more: rows.length > MAX_ROWS || (total?.more ?? 0) > 0,
    at: isComplete ? total.at.toISOString() : null,
  };
}

/** Returns a JSON pointer (RFC 6901, section 3), with `*` for any element of a list. */
const pointerTo = (path: Path): string =>
  path.map((name) => (name === ELEMENT ? '/*' : `/${escaped(name)}`)).join('');

const escaped = (name: string): string =>
  name === '*' ? '~2' : name.replaceAll('~', '~0').replaceAll('/', '~1');
