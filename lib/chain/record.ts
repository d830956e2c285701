import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Contract } from '../contract.ts';
import { describeError, log } from '../log.ts';
import { countRequest } from '../metrics.ts';
import { Problem } from '../problems.ts';
import { STORE_ID } from '../store-id.ts';
import type { Link, Passing } from './link.ts';

/** True until the container has begun its first request. */
let coldStart = true;

/** Writes one line of the log and one set of metrics for every request, whatever became of it. */
export function record({ name }: Contract): Link {
  const recorded = (request: Passing) => {
    const { startedAt, coldStart, gateway } = request.internal;
    const status = (request.response as APIGatewayProxyStructuredResultV2).statusCode ?? 500;
    const ms = Math.round((performance.now() - startedAt) * 10) / 10;
    const line = {
      requestId: request.context.awsRequestId,
      operation: name,
      ...storeOf(gateway),
      status,
      ms,
      coldStart,
      ...problemOf(request.error, status),
    };
    if (status >= 500) log.error('request', line);
    else log.info('request', line);
    countRequest(name, { status, ms, coldStart });
  };
  return {
    before(request) {
      request.internal.startedAt = performance.now();
      request.internal.coldStart = coldStart;
      request.internal.gateway = request.event as APIGatewayProxyEventV2;
      coldStart = false;
    },
    after: recorded,
    onError: recorded,
  };
}

/** The store of the path, if it can be one: nothing else that a caller writes gets into the log. */
function storeOf({ pathParameters }: APIGatewayProxyEventV2): { store?: string } {
  const store = pathParameters?.store;
  return store && STORE_ID.test(store) ? { store } : {};
}

function problemOf(error: Error | null | undefined, status: number): Record<string, unknown> {
  if (!error) return {};
  const problem = error instanceof Problem ? { problem: error.kind } : {};
  return status < 500 ? problem : { ...problem, error: describeError(error) };
}
