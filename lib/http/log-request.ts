import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { reportFailure } from '../connections.ts';
import { codeCache } from '../runtime/code-cache.ts';
import { describeError, logWithMetrics } from '../runtime/log.ts';
import { metricsOf } from '../runtime/metrics.ts';
import { STORE_ID } from '../store-id.ts';
import { callerOf, subjectHash } from './caller.ts';
import type { Contract } from './contract.ts';
import type { Middleware, MiddlewareRequest } from './middleware.ts';
import { problemFrom } from './problem-from.ts';
import { Problem } from './problems.ts';
import type { TaskContract } from './task-contract.ts';

/** True until the container has begun its first request. */
let coldStart = true;

/** Writes one line for every request, with its log and its metrics, whether it succeeds or fails. */
export function logRequest({ name }: Contract): Middleware {
  const writeOutcome = (request: MiddlewareRequest) => {
    const status = (request.response as APIGatewayProxyStructuredResultV2).statusCode ?? 500;
    write('request', request, {
      operation: name,
      ...storeOf(request.internal.gateway),
      ...hashedCallerOf(request.internal.gateway),
      status,
      ...problemOf(request.error, status),
    });
  };
  return {
    before(request) {
      begin(request);
      request.internal.gateway = request.event as APIGatewayProxyEventV2;
    },
    after: writeOutcome,
    onError: writeOutcome,
  };
}

/** Does the same for a task. An error is rethrown as a problem, which Lambda logs and returns to the invoker. */
export function logTask({ name }: TaskContract): Middleware {
  return {
    before: begin,
    after(request) {
      write('task', request, { operation: name, status: 200 }, figuresOf(request.response));
    },
    onError(request) {
      reportFailure(request.error);
      const problem = problemFrom(request.error);
      request.error = problem;
      const { status } = problem;
      write('task', request, { operation: name, status, ...problemOf(problem, status) });
    },
  };
}

function begin(request: MiddlewareRequest): void {
  request.internal.startedAt = performance.now();
  request.internal.coldStart = coldStart;
  coldStart = false;
}

function write(
  message: 'request' | 'task',
  { context, internal: { startedAt, coldStart } }: MiddlewareRequest,
  what: { operation: string; status: number } & Record<string, unknown>,
  figures: Readonly<Record<string, number>> = {},
): void {
  const { operation, status } = what;
  const ms = Math.round((performance.now() - startedAt) * 10) / 10;
  const start = coldStart && codeCache ? { coldStart, codeCache } : { coldStart };
  logWithMetrics(
    status >= 500 ? 'error' : 'info',
    message,
    { requestId: context.awsRequestId, ...what, ...figures, ms, ...start },
    metricsOf({ operation, status, ms, coldStart }, figures),
  );
}

/** Returns the counts in a task's result. */
const figuresOf = (result: unknown): Record<string, number> =>
  Object.fromEntries(Object.entries(result ?? {}).filter(([, value]) => typeof value === 'number'));

/** Returns a hash of the caller, if the request has a verified token. */
function hashedCallerOf(event: APIGatewayProxyEventV2): { caller?: string } {
  const caller = callerOf(event);
  return caller ? { caller: subjectHash(caller.subject) } : {};
}

/** Returns the store id from the path, if it is well-formed. No other input of the caller is logged. */
function storeOf({ pathParameters }: APIGatewayProxyEventV2): { store?: string } {
  const store = pathParameters?.store;
  return store && STORE_ID.test(store) ? { store } : {};
}

function problemOf(error: Error | null | undefined, status: number): Record<string, unknown> {
  if (!error) return {};
  const problem = error instanceof Problem ? { problem: error.kind } : {};
  return status < 500 ? problem : { ...problem, error: describeError(error) };
}
