import {
  bindModel,
  duplicateKeyFields,
  isUnavailable,
  type Moment,
  msSince,
  thisMoment,
} from '@manystore/connections';
import mongoose, { type Connection, type Model, Schema, trusted } from 'mongoose';
import { leaseCluster, serverNow } from '../connections.ts';
import { UntrackedCollection } from '../documents/collection.ts';
import { describeError, log } from '../runtime/log.ts';
import type { StorePlace } from '../store-id.ts';

/*
 * Marks of the stores whose products may have changed, so that the sync of the mirror need not query every store. A mark
 * is written before the change, to the own database of the store's cluster: a server that accepts the change also
 * accepts the mark, and one query reads the marks of all stores of a cluster.
 */

/** A store whose products may have changed at `at` or within {@link SETTLED_AFTER_MS} after it. */
interface ChangeMark {
  /** The store's id. */
  _id: string;
  /** When the last mark was written, by the clock of the primary. */
  at: Date;
}

const markSchema = new Schema<ChangeMark>(
  { _id: { type: String, required: true }, at: { type: Date, required: true } },
  { collection: 'changes', versionKey: false, id: false },
);

const PrimaryMarks: Model<ChangeMark> = mongoose.model<ChangeMark>('ChangeMark', markSchema);

/** Returns the model of the marks of a cluster's stores, which are in the cluster's own database. */
export const changeMarksOn = (cluster: Connection): Model<ChangeMark> =>
  bindModel(PrimaryMarks, cluster);

/** How long a container relies on a mark that it has written. */
const VALID_MS = 60_000;
/**
 * After this time, all changes that a mark covers are committed: a request that relies on it begins within a minute, and
 * ends within 29 s. The rest is for the difference between the clocks.
 */
export const SETTLED_AFTER_MS = 2 * VALID_MS;

/** When this container sent the marks that were written, by store id, oldest first. */
const written = new Map<string, Moment>();
const MAX_KNOWN = 10_000;

/**
 * Marks that the products of a store are about to change, unless this container has marked it within the last minute.
 *
 * A server that rejects the mark does not prevent the change: the sync of the mirror still finds it, within an hour. So a
 * database user may have rights for the store's database alone.
 *
 * @throws the driver's error when the cluster is unavailable. The change would fail too, and nothing was written
 */
export async function markChanged({ id, cluster }: StorePlace, signal: AbortSignal): Promise<void> {
  const known = written.get(id);
  if (known && msSince(known) < VALID_MS) return;
  const sentAt = thisMoment();
  try {
    using lease = await leaseCluster(cluster, signal);
    await writeMark(id, changeMarksOn(lease.connection), signal);
  } catch (error) {
    if (signal.aborted || isUnavailable(error)) throw error;
    if (!isUnauthorized(error))
      log.warn('store.unmarked', { store: id, error: describeError(error) });
  }
  written.delete(id);
  written.set(id, sentAt);
  const [oldest] = written.keys();
  if (written.size > MAX_KNOWN && oldest !== undefined) written.delete(oldest);
}

async function writeMark(_id: string, model: Model<ChangeMark>, signal: AbortSignal) {
  const marks = new UntrackedCollection(model, signal);
  const mark = { $max: { at: await serverNow(signal) } };
  const write = () => marks.updateOne({ _id }, mark, { upsert: true });
  // Another request may insert the store's first mark at the same time.
  await write().catch((error) => {
    if (!duplicateKeyFields(error)) throw error;
    return write();
  });
}

/** Returns whether the server rejected a command because the database user lacks the rights for it. */
export const isUnauthorized = (error: unknown): boolean =>
  (error as { code?: unknown } | undefined)?.code === 13;

/** More than a cluster has stores, so that the server sends the marks with its first response. */
const BATCH_SIZE = 100_000;

/**
 * Returns when the stores of a cluster were last marked, by store id, without marks before `since`.
 *
 * @throws the driver's error when the cluster is unavailable, or its user may not read the marks
 */
export async function marksOf(
  cluster: string,
  since: Date,
  signal: AbortSignal,
): Promise<Map<string, Date>> {
  using lease = await leaseCluster(cluster, signal);
  const marks = new UntrackedCollection(changeMarksOn(lease.connection), signal);
  const recent = await marks.find(
    { at: trusted({ $gte: since }) as never },
    { batchSize: BATCH_SIZE },
  );
  return new Map(recent.map(({ _id, at }) => [_id, at]));
}
