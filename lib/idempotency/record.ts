import { bindModel, ensureIndexes } from '@manystore/connections';
import mongoose, { type Connection, type Model, Schema } from 'mongoose';
import { UntrackedCollection } from '../documents/collection.ts';

/**
 * A request with an Idempotency-Key, and its result. It is stored in the database that the request changes: a record in
 * another database could not be committed with the change. So each store has its own keys.
 */
export interface IdempotencyRecord {
  /** A hash of the key and of its caller. */
  _id: string;
  /** A hash of the request. The same key with a different request is rejected. */
  fingerprint: string;
  /** Identifies the invocation that runs the request. */
  claim: string;
  /** When the invocation's reservation ends. Afterwards, another invocation may take over the request. */
  claimedUntil: Date;
  /** The final result as JSON; null until there is one. */
  result: string | null;
  /** The result as JSON of a run that completed a part of the request; null if there was none. A retry does the rest. */
  partial: string | null;
  expiresAt: Date;
}

const idempotencySchema = new Schema<IdempotencyRecord>(
  {
    _id: { type: String, required: true },
    fingerprint: { type: String, required: true },
    claim: { type: String, required: true },
    claimedUntil: { type: Date, required: true },
    result: { type: String, default: null },
    partial: { type: String, default: null },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'idempotency', versionKey: false, id: false },
);
idempotencySchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const PrimaryIdempotency: Model<IdempotencyRecord> = mongoose.model<IdempotencyRecord>(
  'Idempotency',
  idempotencySchema,
);

/** Returns the model of a database's records. */
export const idempotencyOn = (connection: Connection): Model<IdempotencyRecord> =>
  bindModel(PrimaryIdempotency, connection);

/** The records of a database. */
export type IdempotencyRecords = UntrackedCollection<IdempotencyRecord>;

/** Returns the records of a database whose indexes exist. */
export const recordsIn = (database: Connection, signal: AbortSignal): IdempotencyRecords =>
  new UntrackedCollection(idempotencyOn(database), signal);

/**
 * Opens the records of a database for writing. In a store's database, the indexes are created with the store. In the
 * primary's own database, the first write of each container creates them.
 */
export async function openIdempotency(
  database: Connection,
  signal: AbortSignal,
): Promise<IdempotencyRecords> {
  const model = idempotencyOn(database);
  if (model === PrimaryIdempotency) await ensureIndexes(model, signal);
  return recordsIn(database, signal);
}
