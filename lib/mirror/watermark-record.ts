import { type Connection, type Model, Schema, type Types } from 'mongoose';

/** An incomplete scan, and the position where its next page starts. */
export interface Scan {
  /** When the scan started. Later changes may be missing in it, so the next scan starts before this time. */
  startedAt: Date;
  /** The date of the last document that was processed … */
  at: Date;
  /** … and its _id; null if no document with this date was processed. */
  after: Types.ObjectId | null;
}

/** The progress of scanning the changes of one collection. */
export interface ScanProgress {
  /** When the last complete scan started. */
  through?: Date;
  /** The incomplete scan, if there is one. */
  walk?: Scan | null;
}

/** The watermark of a store: how much of it is in the mirror. */
export interface WatermarkRecord {
  /** The store's id. */
  _id: string;
  /** How often the sync of the store was restarted. Watermarks saved by runs of earlier generations are rejected. */
  generation: number;
  /** Of the store's products, by `updatedAt`. */
  products?: ScanProgress;
  /** Of its archive, by `archivedAt`. */
  archive?: ScanProgress;
  /** The store's name in its mirrored products. */
  name?: string;
  /** When the last complete sync started. The mirror includes all changes before it. */
  syncedAt: Date | null;
  /** The last attempt to sync the store, successful or not. */
  triedAt: Date;
  /** Whether the store is closed and its products are deleted from the mirror. */
  closed: boolean;
  /** Whether, in addition, no earlier run is left that could write its products again. */
  settled: boolean;
}

const watermarkSchema = new Schema<WatermarkRecord>(
  {
    _id: { type: String, required: true },
    generation: { type: Number, required: true },
    products: Schema.Types.Mixed,
    archive: Schema.Types.Mixed,
    name: String,
    syncedAt: { type: Date, default: null },
    triedAt: { type: Date, required: true },
    closed: { type: Boolean, required: true },
    settled: { type: Boolean, required: true },
  },
  { collection: 'watermarks', versionKey: false, id: false },
);
watermarkSchema.index({ closed: 1, syncedAt: 1 });

/** Returns the model of the watermarks on the secondary connection. */
export const watermarksOn = (connection: Connection): Model<WatermarkRecord> =>
  (connection.models.Watermark as Model<WatermarkRecord> | undefined) ??
  connection.model<WatermarkRecord>('Watermark', watermarkSchema);
