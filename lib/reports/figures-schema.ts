import * as z from 'zod/mini';
import { currency, instant, integerText, page, pageOf, storeId } from '../http/parts.ts';
import { store } from '../stores/schema.ts';

/** Of a store: how many products and units it has, and what they are worth, in minor units, by currency. */
const sums = {
  products: z.int(),
  units: z.number(),
  value: z.array(z.strictObject({ currency, amount: z.number() })),
  /** Products of which few units are left. */
  lowStock: z.int(),
};
const figures = z.strictObject(sums);
export type Figures = z.output<typeof figures>;

const reportedStore = z.pick(store, { id: true, name: true, currency: true, status: true });

/**
 * A store's figures, as of `syncedAt`. Until its first sync has ended that is null, and the figures are those
 * of what is mirrored so far.
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

/** The figures of a store on a day. */
const snapshot = z.strictObject({ date, ...sums, takenAt: instant, syncedAt: instant });
export type Snapshot = z.output<typeof snapshot>;
export const snapshotPage = pageOf(snapshot);

/** The days of a history, both of them included. */
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
  /** Those that were taken, and those of the day that were there. */
  taken: z.int(),
  present: z.int(),
  /** Stores of which the mirror does not have everything yet. */
  unsynced: z.int(),
  /** Stores for which there was no time. */
  remaining: z.int(),
});
export type SnapshotsResult = z.output<typeof snapshotsResult>;
