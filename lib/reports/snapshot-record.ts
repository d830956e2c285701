import { type Connection, type Model, Schema } from 'mongoose';

/** A store's figures for a day. */
export interface SnapshotRecord {
  /** `<store>/<date>`, so that there is at most one per store and day. */
  _id: string;
  /** The store's id. */
  store: string;
  /** The day in UTC, as YYYY-MM-DD. */
  date: string;
  products: number;
  units: number;
  value: { currency: string; amount: number }[];
  lowStock: number;
  takenAt: Date;
  /** The start of the sync that the figures are based on. */
  syncedAt: Date;
}

const value = new Schema(
  { currency: { type: String, required: true }, amount: { type: Number, required: true } },
  { _id: false },
);

const snapshotSchema = new Schema<SnapshotRecord>(
  {
    _id: { type: String, required: true },
    store: { type: String, required: true },
    date: { type: String, required: true },
    products: { type: Number, required: true },
    units: { type: Number, required: true },
    value: { type: [value], required: true },
    lowStock: { type: Number, required: true },
    takenAt: { type: Date, required: true },
    syncedAt: { type: Date, required: true },
  },
  { collection: 'snapshots', versionKey: false, id: false },
);
snapshotSchema.index({ store: 1, date: -1, _id: -1 });

/** Returns the model of the snapshots on the secondary connection. */
export const snapshotsOn = (connection: Connection): Model<SnapshotRecord> =>
  (connection.models.Snapshot as Model<SnapshotRecord> | undefined) ??
  connection.model<SnapshotRecord>('Snapshot', snapshotSchema);
