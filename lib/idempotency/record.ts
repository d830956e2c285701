import { bindModel, ensureIndexes } from '@manystore/connections';
import mongoose, { type Connection, type Model, Schema } from 'mongoose';
import { Collection } from '../documents/collection.ts';

/** What became of the requests with an Idempotency-Key: in the database that they change. */
export interface IdempotencyRecord {
  /** A hash of the key and of whose it is. */
  _id: string;
  /** A hash of the request: the key with another one is refused. */
  fingerprint: string;
  /** Names the invocation that runs the request. */
  claim: string;
  /** Until when that may be running: afterwards, another may take the request over. */
  claimedUntil: Date;
  /** What came of it, as JSON; null until it is done. */
  result: string | null;
  expiresAt: Date;
}

const idempotencySchema = new Schema<IdempotencyRecord>(
  {
    _id: { type: String, required: true },
    fingerprint: { type: String, required: true },
    claim: { type: String, required: true },
    claimedUntil: { type: Date, required: true },
    result: { type: String, default: null },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'idempotency', versionKey: false, id: false },
);
idempotencySchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const PrimaryIdempotency: Model<IdempotencyRecord> = mongoose.model<IdempotencyRecord>(
  'Idempotency',
  idempotencySchema,
);

/** The records of the database that `connection` stands for. */
export const idempotencyOn = (connection: Connection): Model<IdempotencyRecord> =>
  bindModel(PrimaryIdempotency, connection);

/** The records of a database. */
export type IdempotencyRecords = Collection<IdempotencyRecord>;

/**
 * Returns the records of a database, for writing. A store's collection and indexes are created with the store; those
 * of the primary's own database by the first write of a container.
 */
export async function openIdempotency(
  database: Connection,
  signal: AbortSignal,
): Promise<IdempotencyRecords> {
  const model = idempotencyOn(database);
  if (model === PrimaryIdempotency) await ensureIndexes(model, signal);
  return new Collection(model, signal);
}
