import { randomUUID } from 'node:crypto';
import { duplicateKeyFields, transaction } from '@manystore/connections';
import type { Connection, mongo } from 'mongoose';
import { hashOf, type IdempotencyKey } from '../http/idempotency-key.ts';
import { KeyReused, StillRunning } from '../http/problems.ts';
import { type IdempotencyRecords, openIdempotency } from './record.ts';

/*
 * Requests with an Idempotency-Key, after the draft "The Idempotency-Key HTTP Header Field" of the IETF
 * (draft-ietf-httpapi-idempotency-key-header): a key and a request get the first result again for 24 hours.
 * A request reserves its key, runs, and records its result. A request that fails releases its key, because it
 * changed nothing.
 */

/** Where a request's changes are made, and where its record is kept. */
export interface Place {
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
/** Longer than an invocation of a function that answers HTTP. */
const RESERVED_MS = 30_000;

/**
 * Runs a request once for its key, whatever breaks: the result is recorded in the transaction in which `work`
 * writes. Without a key, `work` just runs, in no transaction.
 *
 * @param work writes with the session that it gets, if it gets one, and returns a value that JSON can hold. It may
 *   run several times, but takes effect once
 * @throws {KeyReused} when the key was used for another request
 * @throws {StillRunning} when a request with the key is running, or one was cut off less than 30 s ago
 */
export function once<T>(
  place: Place,
  key: IdempotencyKey | undefined,
  work: (session?: mongo.ClientSession) => Promise<T>,
): Promise<T> {
  if (!key) return work();
  return withKey(place, key, (reservation) =>
    transaction(
      place.database,
      async (session) => {
        const result = await work(session);
        await recordResult(reservation, result, session);
        return result;
      },
      place.signal,
    ),
  );
}

/**
 * Runs a request for its key, and records the result afterwards: for work that changes nothing when it is repeated,
 * and is too large for a transaction or spans two servers. After a crash before the record is written, the same
 * request runs again.
 *
 * @throws {KeyReused} when the key was used for another request
 * @throws {StillRunning} when a request with the key is running, or one was cut off less than 30 s ago
 */
export function onceRepeatable<T>(
  place: Place,
  key: IdempotencyKey | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (!key) return work();
  return withKey(place, key, async (reservation) => {
    const result = await work();
    await recordResult(reservation, result);
    return result;
  });
}

async function withKey<T>(
  { database, signal }: Place,
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

/** Reserves a key. Returns undefined, or the result that was recorded for the key before. */
async function reserve({ records, _id, owner, fingerprint }: Reservation): Promise<string | undefined> {
  for (;;) {
    const now = Date.now();
    const mine = {
      fingerprint,
      claim: owner,
      claimedUntil: new Date(now + RESERVED_MS),
      result: null,
      expiresAt: new Date(now + KEPT_MS),
    };
    // A record is taken over when it has expired, or when its invocation was cut off.
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
    if (!record) continue; // It expired just now, or was freed.
    if (record.fingerprint !== fingerprint) throw new KeyReused();
    if (record.result !== null) return record.result;
    if (record.claimedUntil.getTime() > now) throw new StillRunning();
  }
}

/** @throws {StillRunning} when another invocation has taken the request over: then this one must not take effect */
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
