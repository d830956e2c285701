import mongoose, { type Model, Schema, type Types } from 'mongoose';

/** A transfer of stock that was made. It is written in the transaction that moves the pieces. */
export interface TransferRecord {
  _id: Types.ObjectId;
  /** The ids of the two stores. */
  from: string;
  to: string;
  sku: string;
  quantity: number;
  createdAt: Date;
}

const transferSchema = new Schema<TransferRecord>(
  {
    from: { type: String, required: true },
    to: { type: String, required: true },
    sku: { type: String, required: true },
    quantity: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'transfers', versionKey: false, id: false },
);
// What a store sent, and what it got, the newest first.
transferSchema.index({ from: 1, createdAt: -1 });
transferSchema.index({ to: 1, createdAt: -1 });

/** The transfers of all stores, on the primary connection. */
export const TransferLog: Model<TransferRecord> = mongoose.model<TransferRecord>(
  'Transfer',
  transferSchema,
);
