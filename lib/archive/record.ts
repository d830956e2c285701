import { type Connection, type Model, Schema, type Types } from 'mongoose';

/** A retired product in the archive. What it was is under `document`, in whatever shape it had. */
export interface ArchivedRecord {
  _id: Types.ObjectId;
  /** The id of the store that it belonged to; null for the head catalog. */
  store: string | null;
  /** Whether it was archived from a catalog, or came in as an old record. */
  source: 'catalog' | 'ingest';
  /** For a product from a catalog: the version in which it left. */
  version: number;
  archivedAt: Date;
  document: Record<string, unknown>;
}

// Not strict, and nothing is minimised. Records are written with the driver's own operations all the same:
// mongoose would take some names in them for its own (`$__`, `constructor`) when it clones and casts them.
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
// For how many there are of each.
archivedSchema.index({ source: 1 });

/** The archive, on the secondary connection. */
export const archiveOn = (connection: Connection): Model<ArchivedRecord> =>
  (connection.models.Archived as Model<ArchivedRecord> | undefined) ??
  connection.model<ArchivedRecord>('Archived', archivedSchema);
