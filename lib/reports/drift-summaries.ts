import { createHash } from 'node:crypto';
import { ensureIndexes } from '@manystore/connections';
import { type Archive, readArchive } from '../archive/archive.ts';
import type { ArchivedRecord } from '../archive/record.ts';
import { secondary, serverNow } from '../connections.ts';
import { Collection } from '../documents/collection.ts';
import type { TaskTime } from '../http/task-contract.ts';
import { nextScan, scanChanges } from '../mirror/scan.ts';
import { everyStore } from '../stores/every-store.ts';
import { compareRecords } from './drift.ts';
import {
  type DriftCounts,
  type DriftRecord,
  type DriftRow,
  driftOn,
  HEAD,
} from './drift-record.ts';
import { knownMaps, knownTypes, requiredPaths } from './known-paths.ts';

/*
 * The summaries of the drift of each store's archive, from which the report is made: comparing a hundred thousand records
 * takes longer than a request may.
 */

/** Of a store. With paths of the greatest length, they fit twice into a document. */
const MAX_ROWS = 2_000;

/** Identifies what the product schema declares. Counts by another schema are discarded. */
const SCHEMA = createHash('sha256')
  .update(JSON.stringify([knownTypes, knownMaps, requiredPaths]))
  .digest('base64url')
  .slice(0, 8);

interface Summaries {
  archive: Archive;
  summaries: Collection<DriftRecord>;
  now: Date;
  time: TaskTime;
}

/**
 * Brings the summaries up to date: the archive of a store that has changed since its summary is compared again, in pages. If
 * the time is not sufficient, the next run continues after the last page.
 *
 * @returns how many summaries were made, and how many are left
 */
export async function summarizeDrift(
  time: TaskTime,
): Promise<{ summarized: number; unsummarized: number }> {
  const { signal, hasTime } = time;
  const model = driftOn(await secondary(signal));
  await ensureIndexes(model, signal);
  const run: Summaries = {
    archive: await readArchive(signal),
    summaries: new Collection(model, signal),
    now: await serverNow(signal),
    time,
  };
  const result = { summarized: 0, unsummarized: 0 };
  const update = async (stores: (string | null)[]) => {
    for (const outdated of await outdatedOf(stores, run)) {
      const isDone = hasTime() && (await summarize(outdated, run));
      result[isDone ? 'summarized' : 'unsummarized'] += 1;
    }
  };
  await update([null]);
  for await (const page of everyStore(signal)) await update(page.map(({ _id }) => _id));
  return result;
}

/** A store whose summary is outdated. */
interface Outdated extends Pick<DriftRecord, '_id' | 'store' | 'seen'> {
  walk: DriftRecord['walk'];
}

/** Returns the stores whose archive differs from its summary. The other summaries are recorded as up to date. */
async function outdatedOf(
  stores: readonly (string | null)[],
  { archive, summaries, now }: Summaries,
): Promise<Outdated[]> {
  const known = await summaries.findIn('_id', stores.map(idOf), { fields: ['seen', 'walk'] });
  const byId = new Map(known.map((summary) => [summary._id, summary]));
  const groups = await archive.aggregate<{ _id: string | null; records: number; newest: Date }>(
    [
      { $match: { store: { $in: [...stores] } } },
      { $group: { _id: '$store', records: { $sum: 1 }, newest: { $max: '$archivedAt' } } },
    ],
    { batchSize: stores.length },
  );
  const outdated: Outdated[] = [];
  const current: string[] = [];
  for (const { _id: store, records, newest } of groups) {
    const _id = idOf(store);
    const seen = `${SCHEMA} ${records} ${newest.toISOString()}`;
    const summary = byId.get(_id);
    byId.delete(_id);
    if (summary?.seen === seen && !summary.walk) current.push(_id);
    else outdated.push({ _id, store, seen, walk: walkOfSchema(summary?.walk) });
  }
  // The records of these stores have all been restored.
  if (byId.size > 0) await summaries.deleteMany({ _id: { $in: [...byId.keys()] } });
  const empty = { records: 0, rows: [], more: false, seen: '', at: new Date(0) };
  await summaries.insertMissing(outdated.map(({ _id, store }) => ({ _id, store, ...empty })));
  if (current.length > 0)
    await summaries.updateMany({ _id: { $in: current } }, { $max: { at: now } });
  return outdated;
}

/** Returns an incomplete summary if it was begun with the current product schema. */
const walkOfSchema = (walk: DriftRecord['walk']): DriftRecord['walk'] =>
  walk?.seen.startsWith(SCHEMA) ? walk : null;

const idOf = (store: string | null): string => store ?? HEAD;

/** Makes the summary of a store. Returns false if the time was not sufficient. */
async function summarize(
  { _id, store, seen, walk }: Outdated,
  { archive, summaries, now, time }: Summaries,
): Promise<boolean> {
  const begun = walk ?? { records: 0, rows: [], more: false, seen, scan: nextScan(now) };
  let counts: DriftCounts = { records: begun.records, rows: begun.rows, more: begun.more };
  const isDone = await scanChanges<ArchivedRecord>(
    { collection: archive, field: 'archivedAt', filter: { store }, fields: ['archivedAt'] },
    begun.scan,
    {
      async processPage(page) {
        const ids = page.map((record) => record._id);
        counts = merged(counts, await compareRecords(archive, { _id: { $in: ids } }, MAX_ROWS));
      },
      async save(scan) {
        const next = { ...counts, seen: begun.seen, scan };
        await summaries.updateOne({ _id }, { $set: { walk: next } });
      },
      time,
    },
  );
  if (isDone) {
    const complete = { ...counts, seen: begun.seen, at: begun.scan.startedAt, walk: null };
    await summaries.updateOne({ _id }, { $set: complete });
  }
  return isDone;
}

/** Adds up counts. Of more than {@link MAX_ROWS} differences, the most frequent are kept. */
function merged(one: DriftCounts, other: DriftCounts): DriftCounts {
  const rows = new Map<string, DriftRow>();
  for (const { path, type, count } of [...one.rows, ...other.rows]) {
    const key = `${type} ${path}`;
    rows.set(key, { path, type, count: count + (rows.get(key)?.count ?? 0) });
  }
  const all = [...rows.values()].sort((a, b) => b.count - a.count);
  return {
    records: one.records + other.records,
    rows: all.slice(0, MAX_ROWS),
    more: one.more || other.more || all.length > MAX_ROWS,
  };
}
