import * as z from 'zod/mini';
import { currency, instant, integerText, page, pageOf, storeId } from '../http/parts.ts';
import { store } from '../stores/schema.ts';

/** The totals of a store. */
const sums = {
  products: z.int(),
  units: z.number(),
  /** The value of the stock by currency, in minor units. */
  value: z.array(z.strictObject({ currency, amount: z.number() })),
  /** Products with a low stock. */
  lowStock: z.int(),
};
const figures = z.strictObject(sums);
export type Figures = z.output<typeof figures>;

const reportedStore = z.pick(store, { id: true, name: true, currency: true, status: true });

/**
 * A store's figures, as of `syncedAt`. Until the first sync of the store is complete, that is null, and the figures
 * cover only the products that are already mirrored.
 */
const storeReport = z.strictObject({
  store: reportedStore,
  ...sums,
  syncedAt: z.nullable(instant),
});
export type StoreReport = z.output<typeof storeReport>;
export const reportPage = pageOf(storeReport);

export const reportQuery = z.strictObject({
  ...page,
  lowStock: z.optional(integerText({ min: 0, max: 1_000_000 })),
});
export type ReportQuery = z.output<typeof reportQuery>;

/** A day in UTC. */
const date = z.iso.date({ error: 'must be a date in the format YYYY-MM-DD' });

/** The figures of a store for a day. */
const snapshot = z.strictObject({ date, ...sums, takenAt: instant, syncedAt: instant });
export type Snapshot = z.output<typeof snapshot>;
export const snapshotPage = pageOf(snapshot);

/** The query of a history: its first and last day, both inclusive. */
export const historyQuery = z
  .strictObject({ ...page, from: z.optional(date), to: z.optional(date) })
  .check(
    z.refine(({ from = '', to = '9999-12-31' }) => !(from > to), {
      error: 'must not be earlier than `from`',
      path: ['to'],
    }),
  );
export type HistoryQuery = z.output<typeof historyQuery>;
export const historyPath = z.strictObject({ store: storeId });

export const snapshotsInput = z.strictObject({});
export const snapshotsResult = z.strictObject({
  /** Snapshots that were taken, and snapshots of the day that already existed. */
  taken: z.int(),
  present: z.int(),
  /** Stores whose first sync is not complete. */
  unsynced: z.int(),
  /** Stores that did not fit in the time. */
  remaining: z.int(),
  /** Archives that were compared with the product schema for the drift report, and those that did not fit in the time. */
  summarized: z.int(),
  unsummarized: z.int(),
});
export type SnapshotsResult = z.output<typeof snapshotsResult>;
