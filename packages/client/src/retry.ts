import { ManystoreError } from './manystore-error.ts';
import type { NetworkError } from './network-error.ts';

/** How a client retries. */
export interface RetrySettings {
  /** The number of retries after the first request. */
  maxRetries: number;
  /** The delay before the first retry in milliseconds. It doubles with each retry. */
  retryDelayMs: number;
  /** The longest delay in milliseconds. A response that asks for a longer one is not retried. */
  maxRetryDelayMs: number;
}

const TEMPORARY = [500, 502, 503, 504];

/**
 * Whether a failed request may be sent again without making its change twice.
 *
 * @param isRepeatable whether the request itself can be repeated safely, whatever happened to it
 */
export function mayRetry(error: ManystoreError | NetworkError, isRepeatable: boolean): boolean {
  if (!(error instanceof ManystoreError)) return isRepeatable;
  const { status, outcome, retryAfterMs } = error;
  // The gateway rejects such a request before the service sees it.
  if (status === 429) return true;
  // Another request with the same key, or for the same store, is running. Other conflicts have no Retry-After.
  if (status === 409) return retryAfterMs !== undefined;
  if (!TEMPORARY.includes(status)) return false;
  if (isRepeatable || outcome === 'not-applied') return true;
  // The service omits Retry-After if repeating the request would be unsafe.
  return status === 503 && retryAfterMs !== undefined;
}

/**
 * Whether a request can be repeated safely, whatever happened to it: it changes nothing, it removes something, it has an
 * `Idempotency-Key`, or it depends on a version, which its change replaces. (`If-Match: *` matches any version.)
 */
export const isRepeatable = (method: string, headers: Headers): boolean =>
  ['GET', 'DELETE'].includes(method) ||
  headers.has('idempotency-key') ||
  isVersion(headers.get('if-match'));

const isVersion = (tag: string | null): boolean => tag !== null && tag.trim() !== '*';

/**
 * Returns the delay before a retry: exponential backoff with jitter, starting from what the service asks for and never below
 * it.
 *
 * @param retry the number of the retry, from 1
 * @param askedMs the delay in milliseconds that the service asks for
 * @param random a number from 0 to 1
 * @returns milliseconds; undefined if the service asks for a longer delay than `maxRetryDelayMs`
 */
export function delayBefore(
  retry: number,
  askedMs: number | undefined,
  { retryDelayMs, maxRetryDelayMs }: Omit<RetrySettings, 'maxRetries'>,
  random = Math.random(),
): number | undefined {
  const asked = askedMs ?? 0;
  if (asked > maxRetryDelayMs) return undefined;
  const backoff = Math.max(asked, retryDelayMs) * 2 ** (retry - 1);
  return Math.max(asked, Math.min(backoff, maxRetryDelayMs) * (0.5 + random / 2));
}
