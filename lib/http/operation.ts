import middy from '@middy/core';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import type * as z from 'zod/mini';
import { connectEarly } from '../connections.ts';
import { trackWrites } from '../runtime/request-writes.ts';
import { span, traceRequest } from '../runtime/traces.ts';
import type { Answer } from './answers.ts';
import { authorize } from './authorize.ts';
import { type Contract, type Request, timeLimitOf } from './contract.ts';
import { limitTime } from './limit-time.ts';
import { logRequest } from './log-request.ts';
import type { Middleware } from './middleware.ts';
import { respond } from './respond.ts';
import { validate } from './validate.ts';
import { withSecrets } from './with-secrets.ts';

/** The responses that the contract `C` declares, each with a body that matches its schema. */
export type AnswerTo<C extends Contract> = {
  [Status in keyof C['answers'] & number]: Answer<
    Status,
    C['answers'][Status] extends z.ZodMiniType ? z.output<C['answers'][Status]> : null
  >;
}[keyof C['answers'] & number];

/** A Lambda handler for API Gateway, with its contract. */
export interface Operation<C extends Contract> {
  (event: APIGatewayProxyEventV2, context: Context): Promise<APIGatewayProxyStructuredResultV2>;
  contract: C;
  /** Resolves when a container can take its first request: see {@link connectEarly}. */
  ready: Promise<void>;
}

/**
 * Creates a Lambda handler from a contract and the function that implements it.
 *
 * The middlewares run from the top: they log the request, turn its outcome into a response, limit its time, authorize
 * its caller, validate it, and load the secrets. On the way back they run in reverse, so that a response is logged as
 * the caller gets it.
 *
 * @param contract the operation's requests and responses
 * @param run receives a validated request; an error that it throws becomes a problem
 */
export function operation<const C extends Contract>(
  contract: C,
  run: (request: Request<C>) => Promise<AnswerTo<C>>,
): Operation<C> {
  const ready = connectEarly(contract);
  const handler = middy({ timeoutEarlyInMillis: 0 }) // limitTime() has its own clock
    .use(logRequest(contract))
    .use(respond(contract))
    .use(limitTime(timeLimitOf(contract)))
    .use(traced('authorize', authorize(contract)))
    .use(traced('validate', validate(contract)))
    .use(traced('secrets', withSecrets(contract)))
    .handler(((request: Request<C>) => span('run', () => run(request))) as never);
  const answer = ((event, context) =>
    traceRequest(contract.name, () =>
      (handler as never as Operation<C>)(event, context),
    )) as Operation<C>;
  const tracked = (event: APIGatewayProxyEventV2, context: Context) =>
    trackWrites(() => answer(event, context));
  return Object.assign(contract.repeat ? tracked : answer, { contract, ready });
}

/** Returns a middleware whose work before the operation is a span of the request's trace. */
function traced(name: string, middleware: Middleware): Middleware {
  const { before } = middleware;
  return before
    ? { ...middleware, before: (request) => span(name, () => before(request)) }
    : middleware;
}
