import { type Connection, type Model, Schema, type Types } from 'mongoose';

/** A walk that has not come to its end: where the next page starts. */
export interface Walk {
  /** What was written later than this may not have been seen: the walk after this one starts before it. */
  startedAt: Date;
  /** The moment that the walk has come to … */
  at: Date;
  /** … and the last _id that it has seen of that moment; null when it has seen none of it. */
  after: Types.ObjectId | null;
}

/** How far the changes of one collection have been followed. */
export interface Trail {
  /** When the last walk that came to its end began. */
  through?: Date;
  walk?: Walk | null;
}

/** What the mirror has of a store. */
export interface WatermarkRecord {
  /** The store's id. */
  _id: string;
  /** Counts how often the store was synced from the start: writes of earlier runs are ignored. */
  generation: number;
  /** Of the store's products, by `updatedAt`. */
  products?: Trail;
  /** Of its archive, by `archivedAt`. */
  archive?: Trail;
  /** The store's name, as its mirrored products have it. */
  name?: string;
  /** When the last complete sync began: the mirror has all that was written before. */
  syncedAt: Date | null;
  /** When it was last its turn, whatever came of it. */
  triedAt: Date;
  /** The store is closed, and its products have left the mirror. */
  closed: boolean;
  /** And no run that began before can bring them back. */
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

/** The watermarks of the mirror, beside it. */
export const watermarksOn = (connection: Connection): Model<WatermarkRecord> =>
  (connection.models.Watermark as Model<WatermarkRecord> | undefined) ??
  connection.model<WatermarkRecord>('Watermark', watermarkSchema);
