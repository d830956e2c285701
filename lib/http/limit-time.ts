import { deadlineIn } from '@manystore/connections';
import { count } from '../runtime/metrics.ts';
import { settings } from '../runtime/settings.ts';
import type { Middleware, MiddlewareRequest } from './middleware.ts';

/** The time that is left without a Lambda context: just below API Gateway's 30 s. */
const FALLBACK_MS = 29_000;

/** API Gateway ends a request after this time. A function has more only while a debugger is attached. */
const GATEWAY_MS = 30_000;

/**
 * Gives a request a signal that is aborted when its time is over, and at the latest shortly before Lambda ends the
 * invocation.
 *
 * @param timeLimitMs the operation's own limit; by default, the request may use the whole invocation
 */
export function limitTime(timeLimitMs = Number.POSITIVE_INFINITY): Middleware {
  const stop = ({ internal: { deadline } }: MiddlewareRequest) => {
    if (deadline?.signal.aborted) count('DeadlinesHit');
    deadline?.[Symbol.dispose]();
  };
  return {
    before(request) {
      const left = request.context.getRemainingTimeInMillis?.() ?? FALLBACK_MS;
      const limit = left > GATEWAY_MS ? left : timeLimitMs;
      request.internal.deadline = deadlineIn(Math.min(left - settings().deadlineMarginMs, limit));
    },
    after: stop,
    onError: stop,
  };
}
