import { type Connection, type Model, Schema, type Types } from 'mongoose';

/** An archived product. `document` is its content, in its original shape. */
export interface ArchivedRecord {
  _id: Types.ObjectId;
  /** The id of the store that it belonged to; null for the head catalog. */
  store: string | null;
  /** Whether it was archived from a catalog, or added to the archive by `ingest-archive`. */
  source: 'catalog' | 'ingest';
  /** For a product from a catalog, its version when it was archived. */
  version: number;
  archivedAt: Date;
  document: Record<string, unknown>;
}

// The schema is neither strict nor minimized, so that reads return every field. Writes bypass mongoose, because it gives
// a special meaning to some member names (`$__`, `constructor`) when it clones and casts documents.
const archivedSchema = new Schema<ArchivedRecord>(
  {
    store: { type: String, default: null },
    source: { type: String, enum: ['catalog', 'ingest'], required: true },
    version: { type: Number, required: true },
    archivedAt: { type: Date, required: true },
    document: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'archive', strict: false, minimize: false, versionKey: false, id: false },
);
archivedSchema.index({ store: 1, archivedAt: -1, _id: -1 });
// For counting the records of each source.
archivedSchema.index({ source: 1 });

/** Returns the model of the archive on the secondary connection. */
export const archiveOn = (connection: Connection): Model<ArchivedRecord> =>
  (connection.models.Archived as Model<ArchivedRecord> | undefined) ??
  connection.model<ArchivedRecord>('Archived', archivedSchema);
