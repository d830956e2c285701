import { createHash, randomUUID } from 'node:crypto';
import { duplicateKeyFields, ensureIndexes, retryOnce, transaction } from '@manystore/connections';
import type { Connection, Model, mongo } from 'mongoose';
import { primary } from '../connections.ts';
import type { Caller } from '../http/caller.ts';
import { KeyReused, StillRunning } from '../http/problems.ts';
import { type IdempotencyRecord, idempotencyOn } from './record.ts';

/*
 * Requests with an Idempotency-Key, after the draft "The Idempotency-Key HTTP Header Field" of the IETF
 * (draft-ietf-httpapi-idempotency-key-header): a key and a request get the first result again for 24 hours.
 * A request claims its key, runs, and records its result. One that fails gives the key back, since it has
 * changed nothing.
 */

/** What is looked at of a request. */
export interface KeyedRequest {
  /** Two callers with the same key have nothing to do with each other. */
  caller: Pick<Caller, 'subject'>;
  url: string;
  headers: { 'idempotency-key'?: string | undefined };
  body: unknown;
  signal: AbortSignal;
}

/** A request's own place among the records of a database. */
interface Claim {
  records: Model<IdempotencyRecord>;
  key: string;
  claim: string;
  fingerprint: string;
  signal: AbortSignal;
}

const KEPT_MS = 24 * 60 * 60 * 1_000;
/** Longer than an invocation of a function that answers HTTP. */
const CLAIMED_MS = 30_000;

/**
 * Runs a request once for its key, whatever breaks: the result is recorded in the transaction in which
 * `work` writes. Without a key it just runs, in no transaction.
 *
 * @param database what the request changes; its records are there
 * @param work writes by the session that it gets, if it gets one, and returns what JSON can hold. It may run
 *   several times, but counts once
 * @throws {KeyReused} when the key was used for another request
 * @throws {StillRunning} when a request with the key is running, or one was cut off less than 30 s ago
 */
export function once<T>(
  database: Connection,
  request: KeyedRequest,
  work: (session?: mongo.ClientSession) => Promise<T>,
): Promise<T> {
  return withKey(database, request, work, (claim) =>
    transaction(
      database,
      async (session) => {
        const result = await work(session);
        await recordResult(claim, result, session);
        return result;
      },
      claim.signal,
    ),
  );
}

/**
 * Runs a request for its key, and records the result behind it: for work that changes nothing when it is
 * done again, and is too large for a transaction or reaches beyond one server. After a crash before the
 * record, the same request does it again.
 *
 * @param database where its record is
 * @throws {KeyReused} when the key was used for another request
 * @throws {StillRunning} when a request with the key is running, or one was cut off less than 30 s ago
 */
export function onceRepeatable<T>(
  database: Connection,
  request: KeyedRequest,
  work: () => Promise<T>,
): Promise<T> {
  return withKey(database, request, work, async (claim) => {
    const result = await work();
    await retryOnce(() => recordResult(claim, result));
    return result;
  });
}

/** A name for a request that is its own: the same each time it comes with its key, a new one without. */
export function nameOf({ caller, url, headers, body }: Omit<KeyedRequest, 'signal'>): string {
  const key = headers['idempotency-key'];
  return key === undefined ? randomUUID() : hash([caller.subject, key, url, body]);
}

const hash = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url');

async function withKey<T>(
  database: Connection,
  { caller, url, headers, body, signal }: KeyedRequest,
  runPlain: () => Promise<T>,
  run: (claim: Claim) => Promise<T>,
): Promise<T> {
  const key = headers['idempotency-key'];
  if (key === undefined) return runPlain();
  const records = idempotencyOn(database);
  // A store's indexes are made when it is opened; the primary's own database is never opened.
  if (database === (await primary(signal))) await ensureIndexes(records, signal);
  const claim: Claim = {
    records,
    key: hash([caller.subject, key]),
    claim: randomUUID(),
    fingerprint: hash([url, body]),
    signal,
  };
  const known = await take(claim);
  if (known !== undefined) return JSON.parse(known);
  try {
    return await run(claim);
  } catch (error) {
    await giveBack(claim);
    throw error;
  }
}

/** Claims a key, and gives undefined; or what is recorded for it already. */
async function take({ records, key, claim, fingerprint, signal }: Claim) {
  for (;;) {
    const now = Date.now();
    const mine = {
      fingerprint,
      claim,
      claimedUntil: new Date(now + CLAIMED_MS),
      result: null,
      expiresAt: new Date(now + KEPT_MS),
    };
    // A record that has expired, or whose invocation has not come to its end, is taken over.
    const free = {
      _id: key as never,
      $or: [
        { expiresAt: { $lte: new Date(now) } },
        { fingerprint, result: null, claimedUntil: { $lte: new Date(now) } },
        { claim },
      ],
    };
    try {
      await retryOnce(() =>
        records.collection.updateOne(free, { $set: mine }, { upsert: true, signal }),
      );
      return undefined;
    } catch (error) {
      if (!duplicateKeyFields(error)) throw error;
    }
    const record = await retryOnce(() =>
      records.findOne({ _id: key }, null, { signal }).lean<IdempotencyRecord>(),
    );
    if (!record) continue; // It expired just now, or was given back.
    if (record.fingerprint !== fingerprint) throw new KeyReused();
    if (record.result !== null) return record.result;
    if (record.claimedUntil.getTime() > now) throw new StillRunning();
  }
}

/** @throws {StillRunning} when another invocation has taken the request over: then this one must not count */
async function recordResult(
  { records, key, claim, signal }: Claim,
  result: unknown,
  session?: mongo.ClientSession,
): Promise<void> {
  const { matchedCount } = await records.updateOne(
    { _id: key, claim },
    { $set: { result: JSON.stringify(result) } },
    { signal, ...(session ? { session } : {}) },
  );
  if (matchedCount === 0) throw new StillRunning();
}

/** Frees the key of a request that failed. If that fails too, the claim ends by itself. */
async function giveBack({ records, key, claim, signal }: Claim): Promise<void> {
  if (signal.aborted) return;
  await records.deleteOne({ _id: key, claim, result: null }, { signal }).catch(() => undefined);
}
