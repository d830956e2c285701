import { bindModel } from '@manystore/connections';
import mongoose, { type Connection, type Model, Schema, type Types } from 'mongoose';

/** A completed transfer of stock. It is written in the transaction that changes the two stocks. */
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
// For the transfers from a store and to a store, newest first.
transferSchema.index({ from: 1, createdAt: -1 });
transferSchema.index({ to: 1, createdAt: -1 });

const PrimaryTransfers: Model<TransferRecord> = mongoose.model<TransferRecord>(
  'Transfer',
  transferSchema,
);

/** Returns the model of the transfers between the stores of a cluster, which are in the cluster's own database. */
export const transfersOn = (cluster: Connection): Model<TransferRecord> =>
  bindModel(PrimaryTransfers, cluster);
