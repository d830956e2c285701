import { deadlineIn } from '@manystore/connections';
import { settings } from '../runtime/settings.ts';
import type { Middleware, MiddlewareRequest } from './middleware.ts';

/** The time limit without a Lambda context: just below API Gateway's 30 s. */
const FALLBACK_MS = 29_000;

/** Gives a request a signal that is aborted shortly before Lambda ends the invocation. */
export function limitTime(): Middleware {
  const stop = (request: MiddlewareRequest) => request.internal.deadline?.[Symbol.dispose]();
  return {
    before(request) {
      const left = request.context.getRemainingTimeInMillis?.() ?? FALLBACK_MS;
      request.internal.deadline = deadlineIn(left - settings().deadlineMarginMs);
    },
    after: stop,
    onError: stop,
  };
}
