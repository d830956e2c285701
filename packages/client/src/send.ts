import { attempt, type Fetch, pause } from './attempt.ts';
import { ManystoreError } from './manystore-error.ts';
import { NetworkError } from './network-error.ts';
import type { PreparedRequest } from './request.ts';
import { delayBefore, isRepeatable, mayRetry, type RetrySettings } from './retry.ts';

/** An access token, or a function that returns one for each request. */
export type Token = string | ((rejected?: string) => string | Promise<string>);

/** How a call is sent. */
export interface Sending extends RetrySettings {
  fetch: Fetch;
  token: Token | undefined;
  timeoutMs: number;
  signal: AbortSignal | undefined;
}

/**
 * Sends a request until it succeeds, or fails in a way that may not be retried. After a 401, a token function is asked once
 * for another token.
 *
 * @throws {ManystoreError} the last response
 * @throws {NetworkError} if the last attempt got no response
 * @throws the signal's reason if it is aborted; the error of a token function
 */
export async function send(request: PreparedRequest, sending: Sending) {
  const { fetch, token, timeoutMs, signal } = sending;
  const idempotencyKey = request.headers.get('idempotency-key') ?? undefined;
  const canRepeat = isRepeatable(request.method, request.headers);
  let retries = 0;
  let rejected: string | undefined;
  for (let attempts = 1; ; attempts++) {
    const current = typeof token === 'function' ? await token(rejected) : token;
    if (current) request.headers.set('authorization', `Bearer ${current}`);
    const call = { method: request.method, url: request.url, attempts, idempotencyKey };
    let failure: ManystoreError | NetworkError;
    try {
      const { response, text } = await attempt(fetch, request, timeoutMs, signal);
      if (response.ok && !isWebPage(request.url, response)) return { response, text };
      failure = new ManystoreError(response, text, call);
    } catch (error) {
      signal?.throwIfAborted();
      failure = new NetworkError(error, call);
    }
    const isRejected = failure instanceof ManystoreError && failure.status === 401;
    if (isRejected && typeof token === 'function' && rejected === undefined) {
      rejected = current;
      continue;
    }
    if (++retries > sending.maxRetries || !mayRetry(failure, canRepeat)) throw failure;
    const asked = failure instanceof ManystoreError ? failure.retryAfterMs : undefined;
    const delay = delayBefore(retries, asked, sending);
    if (delay === undefined) throw failure;
    await pause(delay, signal);
  }
}

/** Whether a response is a page instead of data: many websites respond to every URL with a 200 and a page. */
const isWebPage = (url: string, { headers }: Response): boolean =>
  /^text\/html\b/.test(headers.get('content-type') ?? '') && !/\/docs(?:\/|$)/.test(url);
