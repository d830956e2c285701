import { randomUUID } from 'node:crypto';
import { duplicateKeyFields, transaction } from '@manystore/connections';
import type { Connection, mongo } from 'mongoose';
import { hashOf, type IdempotencyKey } from '../http/idempotency-key.ts';
import { KeyReused, StillRunning } from '../http/problems.ts';
import { type IdempotencyRecords, openIdempotency } from './record.ts';

/*
 * Requests with an Idempotency-Key, as in the IETF draft "The Idempotency-Key HTTP Header Field"
 * (draft-ietf-httpapi-idempotency-key-header). For 24 hours, a retry with the same key returns the recorded result.
 * A request reserves its key, runs, and records its result. A request that fails releases its key, because it
 * changed nothing.
 *
 * A key belongs to the database of its target, which is one store's or the primary's own: a record elsewhere could not be
 * committed with the change. The same key in another store is another key.
 */

/** The database that a request changes, which also holds the record of its key. */
export interface Target {
  readonly database: Connection;
  readonly signal: AbortSignal;
}

/** A key that a request has reserved. */
interface Reservation {
  records: IdempotencyRecords;
  /** The `_id` of the key's record. */
  _id: string;
  /** Identifies the invocation that holds the key. Stored as `claim`. */
  owner: string;
  fingerprint: string;
}

const KEPT_MS = 24 * 60 * 60 * 1_000;
/** Longer than the maximum duration of an HTTP request. */
const RESERVED_MS = 30_000;

/**
 * Runs a request so that it takes effect exactly once for its key. The result is recorded in the same transaction as
 * the writes of `work`. Without a key, `work` runs without a transaction and nothing is recorded.
 *
 * @param work writes with the session that it receives, if any, and returns a value that can be serialized as JSON. It
 *   may run several times, but only one run is committed
 * @throws {KeyReused} when the key was used for another request in the same database
 * @throws {StillRunning} when a request with the key is running, or one was cut off less than 30 s ago
 */
export function runExactlyOnce<T>(
  target: Target,
  key: IdempotencyKey | undefined,
  work: (session?: mongo.ClientSession) => Promise<T>,
): Promise<T> {
  if (!key) return work();
  return withKey(target, key, (reservation) =>
    transaction(
      target.database,
      async (session) => {
        const result = await work(session);
        await recordResult(reservation, result, session);
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
 * @throws {KeyReused} when the key was used for another request in the same database
 * @throws {StillRunning} when a request with the key is running, or one was cut off less than 30 s ago
 */
export function runAtLeastOnce<T>(
  target: Target,
  key: IdempotencyKey | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (!key) return work();
  return withKey(target, key, async (reservation) => {
    const result = await work();
    await recordResult(reservation, result);
    return result;
  });
}

async function withKey<T>(
  { database, signal }: Target,
  { caller, key, fingerprint }: IdempotencyKey,
  run: (reservation: Reservation) => Promise<T>,
): Promise<T> {
  const reservation: Reservation = {
    records: await openIdempotency(database, signal),
    _id: hashOf([caller, key]),
    owner: randomUUID(),
    fingerprint,
  };
  const known = await reserve(reservation);
  if (known !== undefined) return JSON.parse(known);
  try {
    return await run(reservation);
  } catch (error) {
    if (!signal.aborted) await release(reservation);
    throw error;
  }
}

/** Reserves a key. Returns undefined if it succeeds, or the result that is already recorded for the key. */
async function reserve({
  records,
  _id,
  owner,
  fingerprint,
}: Reservation): Promise<string | undefined> {
  for (;;) {
    const now = Date.now();
    const mine = {
      fingerprint,
      claim: owner,
      claimedUntil: new Date(now + RESERVED_MS),
      result: null,
      expiresAt: new Date(now + KEPT_MS),
    };
    // A record is taken over if it has expired, or if its invocation was interrupted.
    const free = {
      _id,
      $or: [
        { expiresAt: { $lte: new Date(now) } },
        { fingerprint, result: null, claimedUntil: { $lte: new Date(now) } },
        { claim: owner },
      ],
    };
    try {
      await records.updateOne(free, { $set: mine }, { upsert: true });
      return undefined;
    } catch (error) {
      if (!duplicateKeyFields(error)) throw error;
    }
    const record = await records.findById(_id);
    if (!record) continue; // It has expired or was released since.
    if (record.fingerprint !== fingerprint) throw new KeyReused();
    if (record.result !== null) return record.result;
    if (record.claimedUntil.getTime() > now) throw new StillRunning();
  }
}

/** @throws {StillRunning} when another invocation has taken over the key, so that this one must not be committed */
async function recordResult(
  { records, _id, owner }: Reservation,
  result: unknown,
  session?: mongo.ClientSession,
): Promise<void> {
  const own = session ? records.within(session) : records;
  const isRecorded = await own.updateOne(
    { _id, claim: owner },
    { $set: { result: JSON.stringify(result) } },
  );
  if (!isRecorded) throw new StillRunning();
}

/** Releases the key of a request that failed. If that fails too, the reservation expires. */
async function release({ records, _id, owner }: Reservation): Promise<void> {
  await records.deleteMany({ _id, claim: owner, result: null }).catch(() => undefined);
}
