import { type CallDetails, FailedCall } from './failed-call.ts';

/**
 * Thrown if no complete response was received: the service is unreachable, the connection broke, or the attempt timed out.
 * A change may have been applied. `cause` is the error of `fetch`.
 */
export class NetworkError extends FailedCall {
  override readonly name = 'NetworkError';

  constructor(cause: unknown, call: CallDetails) {
    super(`No response: ${reasonOf(cause)}`, call, undefined, { cause });
  }
}

/** The messages of an error and its causes: the message of `fetch` alone is "fetch failed". */
function reasonOf(error: unknown): string {
  const reasons: string[] = [];
  let at = error as { message?: string; code?: string; cause?: unknown } | undefined | null;
  while (typeof at === 'object' && at) {
    reasons.push(at.message || at.code || 'unknown error');
    at = at.cause as typeof at;
  }
  return reasons.join(': ') || String(error);
}
