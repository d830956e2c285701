import { monotonicMs } from '@manystore/connections';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { reportFailure } from '../connections.ts';
import { codeCache } from '../runtime/code-cache.ts';
import { describeError, logWithMetrics } from '../runtime/log.ts';
import { metricsOf } from '../runtime/metrics.ts';
import { STORE_ID } from '../store-id.ts';
import { callerOf, subjectHash } from './caller.ts';
import type { Contract } from './contract.ts';
import type { Middleware, MiddlewareRequest, RequestState } from './middleware.ts';
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
      store: storeOf(request.internal.gateway),
      caller: hashedCallerOf(request.internal),
      status,
      problem: problemOf(request.error),
      error: causeOf(request.error, status),
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
      write('task', request, {
        operation: name,
        status,
        problem: problemOf(problem),
        error: causeOf(problem, status),
      });
    },
  };
}

function begin(request: MiddlewareRequest): void {
  request.internal.startedAt = monotonicMs();
  request.internal.coldStart = coldStart;
  coldStart = false;
}

/** What a line says of a request or a task; members that are undefined are left out. */
interface Outcome {
  operation: string;
  store?: string | undefined;
  caller?: string | undefined;
  status: number;
  problem?: string | undefined;
  error?: Record<string, unknown> | undefined;
}

function write(
  message: 'request' | 'task',
  { context, internal: { startedAt, coldStart } }: MiddlewareRequest,
  { operation, store, caller, status, problem, error }: Outcome,
  figures?: Readonly<Record<string, number>>,
): void {
  const requestId = context.awsRequestId;
  const ms = Math.round((monotonicMs() - startedAt) * 10) / 10;
  const cache = coldStart ? codeCache : undefined;
  logWithMetrics(
    status >= 500 ? 'error' : 'info',
    message,
    {
      requestId,
      operation,
      store,
      caller,
      status,
      problem,
      error,
      ...figures,
      ms,
      coldStart,
      codeCache: cache,
    },
    metricsOf({ operation, status, ms, coldStart }, figures),
  );
}

/** Returns the counts in a task's result. */
const figuresOf = (result: unknown): Record<string, number> =>
  Object.fromEntries(Object.entries(result ?? {}).filter(([, value]) => typeof value === 'number'));

/** Returns a hash of the caller, if the request has a verified token. */
function hashedCallerOf({ gateway, verified }: RequestState): string | undefined {
  const caller = verified ?? callerOf(gateway);
  return caller && subjectHash(caller.subject);
}

/** Returns the store id from the path, if it is well-formed. No other input of the caller is logged. */
function storeOf({ pathParameters }: APIGatewayProxyEventV2): string | undefined {
  const store = pathParameters?.store;
  return store && STORE_ID.test(store) ? store : undefined;
}

const problemOf = (error: Error | null | undefined): string | undefined =>
  error instanceof Problem ? error.kind : undefined;

const causeOf = (error: Error | null | undefined, status: number) =>
  error && status >= 500 ? describeError(error) : undefined;
