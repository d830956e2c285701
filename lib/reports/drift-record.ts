import { type Connection, type Model, Schema } from 'mongoose';
import type { Scan } from '../mirror/watermark-record.ts';

/** A difference between archived records and the product schema: a JSON pointer, a type, and the number of records. */
export interface DriftRow {
  path: string;
  type: string;
  count: number;
}

/** Counted records, and how they differ. */
export interface DriftCounts {
  records: number;
  rows: DriftRow[];
  /** Whether rarer differences were omitted. */
  more: boolean;
}

/** The summary of a store's archive, which a task keeps. */
export interface DriftRecord extends DriftCounts {
  /** The store's id; {@link HEAD} for the head catalog. */
  _id: string;
  /** The store's id; null for the head catalog. */
  store: string | null;
  /** All records that were archived before it are included. 1970 until the first summary is complete. */
  at: Date;
  /** The product schema, the number of records in the archive, and the newest `archivedAt`, when the summary began. */
  seen: string;
  /** An incomplete summary, with the position where it continues. */
  walk?: (DriftCounts & { scan: Scan; seen: string }) | null;
}

/** Cannot be a store's id. */
export const HEAD = '*';

const driftSchema = new Schema<DriftRecord>(
  {
    _id: { type: String, required: true },
    store: { type: String, default: null },
    records: { type: Number, required: true },
    rows: { type: [Schema.Types.Mixed], required: true } as never,
    more: { type: Boolean, required: true },
    at: { type: Date, required: true },
    seen: { type: String, required: true },
    walk: Schema.Types.Mixed,
  },
  { collection: 'drift', versionKey: false, id: false },
);
driftSchema.index({ store: 1 });

/** Returns the model of the summaries on the secondary connection. */
export const driftOn = (connection: Connection): Model<DriftRecord> =>
  (connection.models.Drift as Model<DriftRecord> | undefined) ??
  connection.model<DriftRecord>('Drift', driftSchema);
