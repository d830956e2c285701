import mongoose, { type Model, Schema } from 'mongoose';

/** A store's entry in the registry. Its id is a part of its database's name, and is never given out twice. */
export interface StoreRecord {
  _id: string;
  name: string;
  /** ISO 4217. */
  currency: string;
  status: 'active' | 'suspended' | 'closing' | 'closed';
  /** Counts the changes from 1, and is the store's ETag. */
  version: number;
  /** Names the request that opened the store: of two at once, one has opened it. */
  openedBy: string;
  /** Whether its database is complete. Until then, the store is not there for anyone. */
  ready: boolean;
  /** Since when it takes no writes, by the server's clock: while it is suspended, closing or closed. */
  frozenAt?: Date;
  /** When its closing began. */
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
    openedBy: { type: String, required: true },
    ready: { type: Boolean, required: true },
    frozenAt: Date,
    closingAt: Date,
  },
  { collection: 'stores', timestamps: true, versionKey: false, id: false },
);

/** The registry of stores, on the primary connection. */
export const Registry: Model<StoreRecord> = mongoose.model<StoreRecord>('Store', storeSchema);
