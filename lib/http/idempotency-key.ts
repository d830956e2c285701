import { createHash, randomUUID } from 'node:crypto';
import type { Caller } from './caller.ts';

/** An Idempotency-Key with its caller and its request. */
export interface IdempotencyKey {
  /** The subject of the caller: the same key of two callers is two keys. */
  caller: string;
  key: string;
  /** A hash of the request: the same key with another request is rejected. */
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

/** Returns an identifier for a request: the same one for each retry with its key, and a new one for each without a key. */
export function requestIdentity({ caller, url, headers, body }: KeyedRequest): string {
  const key = headers['idempotency-key'];
  return key === undefined ? randomUUID() : hashOf([caller.subject, key, url, body]);
}

/** Returns the SHA-256 hash of a JSON value. Records of the last 24 hours depend on its form. */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url');
