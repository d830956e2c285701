import type { PipelineStage } from 'mongoose';

/** A key that a request wants to reserve. */
export interface Claim {
  /** Identifies the invocation that reserves the key. Stored as `claim`. */
  owner: string;
  fingerprint: string;
  /** How long the key is reserved, in milliseconds. */
  ms: number;
}

const KEPT_MS = 24 * 60 * 60 * 1_000;

/**
 * Returns an update that reserves the record of a key if it is free, and does not change it otherwise. A record is free
 * if it is new, or has expired; or if it is of the same request, and the invocation that reserved it was interrupted, or
 * ended without a final result. All of this is compared with the server's clock.
 */
export function reserving({ owner, fingerprint, ms }: Claim): PipelineStage[] {
  // A new record has no date yet, and what is missing is less than any date.
  const isExpired = { $lte: ['$expiresAt', '$$NOW'] };
  const isInterrupted = {
    $and: [
      { $eq: ['$fingerprint', { $literal: fingerprint }] },
      { $eq: ['$result', null] },
      { $lte: ['$claimedUntil', '$$NOW'] },
    ],
  };
  // The connection broke after this update was applied, and it runs again.
  const isOwn = { $eq: ['$claim', { $literal: owner }] };
  const reserved = {
    _id: '$_id',
    fingerprint: { $literal: fingerprint },
    claim: { $literal: owner },
    claimedUntil: { $add: ['$$NOW', ms] },
    result: null,
    partial: { $cond: [isExpired, null, { $ifNull: ['$partial', null] }] },
    expiresAt: { $add: ['$$NOW', KEPT_MS] },
  };
  const isFree = { $or: [isExpired, isInterrupted, isOwn] };
  return [{ $replaceWith: { $cond: [isFree, reserved, '$$ROOT'] } } as never];
}
