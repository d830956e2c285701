import mongoose, { type Model, Schema } from 'mongoose';

/** A store's entry in the registry. Its id is part of the name of its database, and is never reused. */
export interface StoreRecord {
  _id: string;
  name: string;
  /** ISO 4217. */
  currency: string;
  status: 'active' | 'suspended' | 'closing' | 'closed';
  /** Starts at 1 and grows with each change. It is the store's ETag. */
  version: number;
  /** The cluster that its database is on. An entry without it is from before there were clusters: see `clusterOf()`. */
  cluster?: string;
  /** Identifies the request that created the store, which decides between concurrent requests with the same id. */
  openedBy: string;
  /** Whether its database is complete. Until then, the store is invisible. */
  ready: boolean;
  /** When it became read-only, by the server's clock. Set while it is suspended, closing or closed. */
  frozenAt?: Date;
  /** When closing started, by the server's clock. */
  closingAt?: Date;
  createdAt: Date;
  updatedAt: Date;
}

const storeSchema = new Schema<StoreRecord>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    currency: { type: String, required: true },
    status: { type: String, enum: ['active', 'suspended', 'closing', 'closed'], required: true },
    version: { type: Number, required: true },
    cluster: String,
    openedBy: { type: String, required: true },
    ready: { type: Boolean, required: true },
    frozenAt: Date,
    closingAt: Date,
  },
  { collection: 'stores', timestamps: true, versionKey: false, id: false },
);

/** The registry of stores, on the primary connection. */
export const Registry: Model<StoreRecord> = mongoose.model<StoreRecord>('Store', storeSchema);
