import { ensureIndexes } from '@manystore/connections';
import { trusted } from 'mongoose';
import { secondary, serverNow } from '../connections.ts';
import { Collection } from '../documents/collection.ts';
import { afterCursor, type Order } from '../http/keyset.ts';
import { type Page, pageOf } from '../http/page.ts';
import type { TaskTime } from '../http/task-contract.ts';
import { everyStore } from '../stores/every-store.ts';
import { type DatedFigures, figuresOf } from './figures.ts';
import type { HistoryQuery, Snapshot, SnapshotsResult } from './figures-schema.ts';
import { type SnapshotRecord, snapshotsOn } from './snapshot-record.ts';

/** The number of stores whose figures are read with one query, small enough that it takes at most a few seconds. */
const BATCH_SIZE = 25;

/**
 * Takes today's snapshot (in UTC) of each store that is not closed and has none yet. The first snapshot of a day is
 * kept. If a run is interrupted, the next one takes the missing snapshots. A store whose first sync is not complete is
 * skipped, because its figures would be too low.
 */
export async function takeMissingSnapshots({
  signal,
  hasTime,
}: TaskTime): Promise<Omit<SnapshotsResult, 'summarized' | 'unsummarized'>> {
  const model = snapshotsOn(await secondary(signal));
  await ensureIndexes(model, signal);
  const snapshots = new Collection(model, signal);
  const date = (await serverNow(signal)).toISOString().slice(0, 10);
  const result = { taken: 0, present: 0, unsynced: 0, remaining: 0 };
  for await (const page of everyStore(signal)) {
    const open = page.filter(({ status }) => status !== 'closed').map(({ _id }) => _id);
    const ids = open.map((store) => idOf(store, date));
    const existing = await snapshots.findIn('_id', ids, { fields: ['store'] });
    result.present += existing.length;
    const done = new Set(existing.map(({ store }) => store));
    const missing = open.filter((store) => !done.has(store));
    for (let from = 0; from < missing.length; from += BATCH_SIZE) {
      const batch = missing.slice(from, from + BATCH_SIZE);
      if (!hasTime()) {
        result.remaining += batch.length;
        continue;
      }
      const figures = await figuresOf(batch, {}, signal);
      const day = { date, takenAt: await serverNow(signal) };
      const records = batch.flatMap((store) => recordOf(store, day, figures.get(store)));
      result.unsynced += batch.length - records.length;
      result.taken += await snapshots.insertMissing(records);
    }
  }
  return result;
}

const idOf = (store: string, date: string): string => `${store}/${date}`;

function recordOf(
  store: string,
  { date, takenAt }: { date: string; takenAt: Date },
  figures: DatedFigures | undefined,
): SnapshotRecord[] {
  if (!figures?.syncedAt) return [];
  const { syncedAt, ...sums } = figures;
  return [{ _id: idOf(store, date), store, date, ...sums, takenAt, syncedAt }];
}

const newestFirst: Order = { field: 'date', direction: -1 };

/** Returns a page of a store's snapshots, newest first. */
export async function pageOfHistory(
  store: string,
  { limit, cursor, from, to }: HistoryQuery,
  signal: AbortSignal,
): Promise<Page<Snapshot>> {
  const list = ['history', store, from ?? null, to ?? null];
  const days = { ...(from ? { $gte: from } : {}), ...(to ? { $lte: to } : {}) };
  const conditions = [
    { store },
    ...(from || to ? [{ date: trusted(days) as never }] : []),
    ...afterCursor<SnapshotRecord>(newestFirst, list, cursor),
  ];
  const snapshots = new Collection(snapshotsOn(await secondary(signal)), signal);
  const records = await snapshots.find(
    { $and: conditions },
    {
      sort: { date: -1, _id: -1 },
      limit: limit + 1,
      readPreference: 'secondaryPreferred',
    },
  );
  return pageOf(records, {
    limit,
    list,
    toItem: snapshotFrom,
    positionOf: ({ date, _id }) => [date, _id],
  });
}

const snapshotFrom = ({ _id, store, takenAt, syncedAt, ...figures }: SnapshotRecord): Snapshot => ({
  ...figures,
  takenAt: takenAt.toISOString(),
  syncedAt: syncedAt.toISOString(),
});
