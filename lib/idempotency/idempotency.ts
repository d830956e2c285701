import { randomUUID } from 'node:crypto';
import { deadlineIn, duplicateKeyFields, serverTime, timeLeft } from '@manystore/connections';
import type { Connection, mongo } from 'mongoose';
import { inTransaction } from '../documents/tracked-write.ts';
import { hashOf, type IdempotencyKey } from '../http/idempotency-key.ts';
import { KeyReused, StillRunning } from '../http/problems.ts';
import { settings } from '../runtime/settings.ts';
import {
  type IdempotencyRecord,
  type IdempotencyRecords,
  openIdempotency,
  recordsIn,
} from './record.ts';
import { reserving } from './reservation.ts';

/*
 * Requests with an Idempotency-Key, as in the IETF draft "The Idempotency-Key HTTP Header Field"
 * (draft-ietf-httpapi-idempotency-key-header). For 24 hours, a retry with the same key returns the recorded result.
 * A request reserves its key, runs, and records its result. A request that fails releases its key, because it
 * changed nothing. If a request completes only a part, the retry does the rest.
 *
 * A key belongs to the database of its target, which is one store's or the primary's own: a record elsewhere could not be
 * committed with the change. The same key in another store is another key.
 *
 * A reservation ends a second after the deadline of its request. Then, or when the request releases its key earlier, its
 * commit may still be on the way to the server. It cannot be applied in addition to another request's, because a
 * transaction is only committed after it has recorded its result, in the record that holds the claim:
 *
 * - If it has recorded the result, releasing the key or taking it over waits for the end of the transaction. After a
 *   commit, the result is there, and is kept. After an abort, nothing was changed.
 * - If it has not, it can no longer do so once the key is released or taken over. Recording requires the own claim, which
 *   is gone: it conflicts or matches nothing, and the transaction is aborted.
 */

/** The database that a request changes, which also holds the record of its key. */
export interface Target {
  readonly database: Connection;
  readonly signal: AbortSignal;
}

/** A key that a request reserves. */
interface Reservation extends Target {
  records: IdempotencyRecords;
  /** The `_id` of the key's record. */
  _id: string;
  /** Identifies the invocation that holds the key. Stored as `claim`. */
  owner: string;
  fingerprint: string;
}

/** The maximum duration of an HTTP request. */
const MAX_REQUEST_MS = 30_000;
/** How much longer a key is reserved than its request may run. */
const GRACE_MS = 1_000;
/** A `claimedUntil` that is over. */
const RELEASED = { claimedUntil: new Date(0) };

/**
 * Runs a request so that it takes effect exactly once for its key. The result is recorded in the same transaction as
 * the writes of `work`. Without a key, `work` runs without a transaction and nothing is recorded.
 *
 * @param work writes with the session that it receives, if any, and returns a value that can be serialized as JSON. It
 *   may run several times, but only one run is committed
 * @throws {KeyReused} when the key was used for another request in the same database
 * @throws {StillRunning} when a request with the key is running, or one was interrupted less than a second after its
 *   deadline
 */
export function runExactlyOnce<T>(
  target: Target,
  key: IdempotencyKey | undefined,
  work: (session?: mongo.ClientSession) => Promise<T>,
): Promise<T> {
  if (!key) return work();
  return withKey<T>(target, key, (reservation) =>
    inTransaction(
      target.database,
      async (session) => {
        const result = await work(session);
        await record(reservation, { result: JSON.stringify(result) }, session);
        return result;
      },
      target.signal,
    ),
  );
}

/**
 * Runs a request at least once for its key, and records the result afterwards. If it crashes before the result is
 * recorded, a retry runs it again. Use it for work that is idempotent by itself, and that is too large for a
 * transaction or spans two servers.
 *
 * @param work receives the result of the earlier run with the key, if that was not final
 * @param isFinal whether a retry returns the result, instead of running `work` again; by default, always
 * @throws {KeyReused} when the key was used for another request in the same database
 * @throws {StillRunning} when a request with the key is running, or one was interrupted less than a second after its
 *   deadline
 */
export function runAtLeastOnce<T>(
  target: Target,
  key: IdempotencyKey | undefined,
  work: (earlier?: T) => Promise<T>,
  isFinal: (result: T) => boolean = () => true,
): Promise<T> {
  if (!key) return work();
  return withKey<T>(target, key, async (reservation, earlier) => {
    const result = await work(earlier);
    const json = JSON.stringify(result);
    await record(reservation, isFinal(result) ? { result: json } : { partial: json, ...RELEASED });
    return result;
  });
}

async function withKey<T>(
  { database, signal }: Target,
  { caller, key, fingerprint }: IdempotencyKey,
  run: (reservation: Reservation, earlier?: T) => Promise<T>,
): Promise<T> {
  const reservation: Reservation = {
    ...{ database, signal },
    records: await openIdempotency(database, signal),
    _id: hashOf([caller, key]),
    owner: randomUUID(),
    fingerprint,
  };
  const { claim, result, partial, ...known } = await reserve(reservation);
  if (claim !== reservation.owner) {
    if (known.fingerprint !== fingerprint) throw new KeyReused();
    if (result !== null) return JSON.parse(result);
    throw await stillRunning(reservation, known);
  }
  try {
    return await (partial === null ? run(reservation) : run(reservation, JSON.parse(partial)));
  } catch (error) {
    await release(reservation, partial);
    throw error;
  }
}

/**
 * Reserves a key, if it is free, until a second after the request's deadline.
 *
 * @returns the key's record. If its `claim` is another invocation's, the key was not free
 */
async function reserve({
  records,
  _id,
  owner,
  fingerprint,
  signal,
}: Reservation): Promise<IdempotencyRecord> {
  for (let attempt = 1; ; attempt++) {
    const ms = Math.ceil(Math.min(timeLeft(signal), MAX_REQUEST_MS) + GRACE_MS);
    const update = reserving({ owner, fingerprint, ms });
    try {
      const found = await records.findOneAndUpdate({ _id }, update, { upsert: true });
      return found as IdempotencyRecord;
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isLostRace(error)) throw error;
    }
  }
}

/** The second attempt finds the record that another request has inserted, unless that request has released it. */
const MAX_ATTEMPTS = 5;

/**
 * Returns whether another request inserted the record at the same time. MongoDB then reports a duplicate key, if it does
 * not try again by itself. DocumentDB reports that it cannot evaluate `$$NOW` (FailedToParse).
 */
const isLostRace = (error: unknown): boolean =>
  duplicateKeyFields(error) !== undefined || (error as { code?: unknown }).code === 9;

/**
 * Records the outcome of a request, if it still holds its key.
 *
 * @throws {StillRunning} when another invocation has taken over the key, so that this one must not be committed
 */
async function record(
  reservation: Reservation,
  outcome: Partial<IdempotencyRecord>,
  session?: mongo.ClientSession,
): Promise<void> {
  const { records, _id, owner } = reservation;
  const own = session ? records.within(session) : records;
  const isRecorded = await own.updateOne({ _id, claim: owner }, { $set: outcome });
  if (!isRecorded) throw await stillRunning(reservation, await records.findById(_id));
}

/** Returns the problem for a key that another invocation holds, with the time until its reservation ends. */
async function stillRunning(
  { database, signal }: Target,
  held: Pick<IdempotencyRecord, 'claimedUntil'> | null,
): Promise<StillRunning> {
  const now = await serverTime(database, signal);
  const ms = (held?.claimedUntil.getTime() ?? 0) - now.getTime();
  return new StillRunning(Math.max(1, Math.ceil(ms / 1_000)));
}

/**
 * Releases the key of a request that failed, so that it can be used again. After the deadline, this has a short time of
 * its own. If it fails too, the reservation expires.
 *
 * @param partial the result of an earlier run, which is kept
 */
async function release(
  { database, signal, _id, owner }: Reservation,
  partial: string | null,
): Promise<void> {
  using timeout = deadlineIn(Math.max(timeLeft(signal), settings().deadlineMarginMs / 2));
  const records = recordsIn(database, timeout.signal);
  // A result that was recorded is kept: the commit may have been applied although its response was lost.
  const own = { _id, claim: owner, result: null };
  const released =
    partial === null ? records.deleteMany(own) : records.updateOne(own, { $set: RELEASED });
  await released.catch(() => undefined);
}
