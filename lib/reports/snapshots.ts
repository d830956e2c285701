import { ensureIndexes } from '@manystore/connections';
import { trusted } from 'mongoose';
import { secondary } from '../connections.ts';
import { Collection } from '../documents/collection.ts';
import { afterCursor, type Order } from '../http/keyset.ts';
import { type Page, pageOf } from '../http/page.ts';
import type { TaskTime } from '../http/task-contract.ts';
import { everyStore } from '../stores/every-store.ts';
import { type DatedFigures, figuresOf } from './figures.ts';
import type { HistoryQuery, Snapshot, SnapshotsResult } from './figures-schema.ts';
import { type SnapshotRecord, snapshotsOn } from './snapshot-record.ts';

/** Stores whose figures are asked for at once: few enough that the server sums them up within seconds. */
const BATCH = 25;

/**
 * Takes the snapshots of today, in UTC, of each store that is not closed, where they are missing: the first
 * one of a day stands, and a run that was cut off is made up for by the next. A store whose first sync has
 * not ended gets none yet: it would tell of less than there is.
 */
export async function takeMissingSnapshots({
  signal,
  hasTime,
}: TaskTime): Promise<SnapshotsResult> {
  const model = snapshotsOn(await secondary(signal));
  await ensureIndexes(model, signal);
  const snapshots = new Collection(model, signal);
  const date = new Date().toISOString().slice(0, 10);
  const result = { taken: 0, present: 0, unsynced: 0, remaining: 0 };
  for await (const page of everyStore(signal)) {
    const open = page.filter(({ status }) => status !== 'closed').map(({ _id }) => _id);
    const ids = open.map((store) => idOf(store, date));
    const there = await snapshots.findIn('_id', ids, { fields: ['store'] });
    result.present += there.length;
    const have = new Set(there.map(({ store }) => store));
    const missing = open.filter((store) => !have.has(store));
    for (let from = 0; from < missing.length; from += BATCH) {
      const batch = missing.slice(from, from + BATCH);
      if (!hasTime()) {
        result.remaining += batch.length;
        continue;
      }
      const figures = await figuresOf(batch, {}, signal);
      const records = batch.flatMap((store) => recordOf(store, date, figures.get(store)));
      result.unsynced += batch.length - records.length;
      result.taken += await snapshots.insertMissing(records);
    }
  }
  return result;
}

const idOf = (store: string, date: string): string => `${store}/${date}`;

function recordOf(
  store: string,
  date: string,
  figures: DatedFigures | undefined,
): SnapshotRecord[] {
  if (!figures?.syncedAt) return [];
  const { syncedAt, ...sums } = figures;
  return [{ _id: idOf(store, date), store, date, ...sums, takenAt: new Date(), syncedAt }];
}

const newestFirst: Order = { field: 'date', direction: -1 };

/** A page of a store's snapshots, the newest first. */
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
