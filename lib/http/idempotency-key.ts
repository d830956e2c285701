import { createHash, randomUUID } from 'node:crypto';
import { breathe } from './breathe.ts';
import type { Caller } from './caller.ts';

/** An Idempotency-Key with its caller and its request. It belongs to the database that the request changes. */
export interface IdempotencyKey {
  /** The subject of the caller: the same key of two callers is two keys. */
  caller: string;
  key: string;
  /** A hash of the request: the same key with another request in the same database is rejected. */
  fingerprint: string;
}

/** The parts of a request that its Idempotency-Key covers. */
export interface KeyedRequest {
  caller: Pick<Caller, 'subject'>;
  url: string;
  headers: { 'idempotency-key'?: string | undefined };
  body: unknown;
}

/** Returns the Idempotency-Key of a request; undefined when it has none, and then nothing is hashed. */
export function idempotencyKeyOf(request: KeyedRequest): IdempotencyKey | undefined {
  const { caller, url, headers, body } = request;
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  return { caller: caller.subject, key, fingerprint: hashOf([url, body]) };
}

/**
 * Returns the same as {@link idempotencyKeyOf} for a body that is an array, without creating all of its JSON at once:
 * that of a file with many columns is much longer than the file.
 *
 * @throws the reason of `signal` when it is aborted
 */
export async function idempotencyKeyOfRows(
  { caller, url, headers, body }: KeyedRequest & { body: readonly unknown[] },
  signal: AbortSignal,
): Promise<IdempotencyKey | undefined> {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  const hash = createHash('sha256').update(`[${JSON.stringify(url)},[`);
  for (const [n, row] of body.entries()) {
    if (n % ROWS_AT_ONCE === 0) await breathe(signal);
    hash.update(`${n === 0 ? '' : ','}${JSON.stringify(row)}`);
  }
  const fingerprint = hash.update(']]').digest('base64url');
  return { caller: caller.subject, key, fingerprint };
}

const ROWS_AT_ONCE = 100;

/** Returns an identifier for a request: the same one for each retry with its key, and a new one for each without a key. */
export function requestIdentity({ caller, url, headers, body }: KeyedRequest): string {
  const key = headers['idempotency-key'];
  return key === undefined ? randomUUID() : hashOf([caller.subject, key, url, body]);
}

/** Returns the SHA-256 hash of a JSON value. Records of the last 24 hours depend on its form. */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url');
