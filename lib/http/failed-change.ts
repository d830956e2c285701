import { mayHaveWritten } from '../runtime/request-writes.ts';
import type { Contract } from './contract.ts';
import type { MiddlewareRequest } from './middleware.ts';

/** Whether a failed request changed something: certainly not, or maybe, completely or in part. */
export type Outcome = 'not-applied' | 'unknown';

/** What is known about a request that was to change something, and failed with a 5xx. */
export interface FailedChange {
  outcome: Outcome;
  /** How the client can go on: repeat the request, with the same key if it had one, or check first what was changed. */
  next: 'repeat' | 'repeat-with-key' | 'check';
}

/** Returns what is known about the change of a failed request; undefined for a request that only reads. */
export function failedChangeOf(
  { repeat }: Contract,
  { internal }: MiddlewareRequest,
): FailedChange | undefined {
  if (!repeat) return undefined;
  if (!mayHaveWritten()) return { outcome: 'not-applied', next: 'repeat' };
  if (repeat === 'safe') return { outcome: 'unknown', next: 'repeat' };
  const hasKey = internal.gateway.headers?.['idempotency-key'] !== undefined;
  return { outcome: 'unknown', next: hasKey ? 'repeat-with-key' : 'check' };
}

const MAY_BE_APPLIED = 'The change may have been applied.';
const AFTER_UNKNOWN = {
  repeat: 'Repeat the request: what was already applied is not applied twice.',
  'repeat-with-key': 'Repeat the request with the same Idempotency-Key: it is applied only once.',
  check:
    'Read the current state before you repeat the request. With an Idempotency-Key, it could be repeated safely.',
} satisfies Record<FailedChange['next'], string>;

/** Returns sentences for the client of an unavailable service: what is known about the change, and what to do. */
export function adviceFor(change: FailedChange | undefined): string {
  if (!change) return 'The same request may succeed later.';
  return change.outcome === 'unknown'
    ? `${MAY_BE_APPLIED} ${AFTER_UNKNOWN[change.next]}`
    : 'Nothing was changed. The same request may succeed later.';
}
