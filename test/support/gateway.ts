import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Contract } from '#lib/http/contract.ts';
import type { Operation } from '#lib/http/operation.ts';
import type { Task } from '#lib/http/task.ts';
import type { TaskContract } from '#lib/http/task-contract.ts';
import {
  contextOf,
  eventOf,
  type GatewayCaller,
  type GatewayRequest,
} from '../../local/gateway-event.ts';
import { requireDeclared } from '../../openapi/declared.ts';

export { contextOf, eventOf };
/** A request, as far as a test needs it. Without a caller, it is allowed everything. */
export type TestRequest = GatewayRequest;
export type TestCaller = GatewayCaller;

export interface TestAnswer {
  status: number;
  headers: Record<string, string>;
  /** The parsed JSON, which tests check themselves; text if it is not JSON. */
  body: ReturnType<typeof JSON.parse>;
}

/**
 * Calls a deployed handler with the event that API Gateway sends for a route of its contract.
 *
 * @throws {Error} when the response does not match the contract
 */
export async function call(
  handler: Operation<Contract>,
  request: TestRequest = {},
): Promise<TestAnswer> {
  const event = eventOf(handler, request);
  const result = await handler(event, contextOf(handler, request));
  requireDeclared(handler.contract, event.routeKey, result);
  return {
    status: result.statusCode ?? 0,
    headers: result.headers as Record<string, string>,
    body: bodyOf(result),
  };
}

/**
 * Calls an operation whose server is available again, like a client that retries: the first request discards the connection
 * that lost sight of its server, and the next one opens a new one.
 */
export async function callAgain(
  handler: Operation<Contract>,
  request: TestRequest = {},
): Promise<TestAnswer> {
  for (;;) {
    const answer = await call(handler, request);
    if (answer.status !== 503 || !answer.headers['retry-after']) return answer;
  }
}

function bodyOf({ headers, body }: APIGatewayProxyStructuredResultV2) {
  const isJson = /[/+]json$/.test(String(headers?.['content-type']));
  return body !== undefined && isJson ? JSON.parse(body) : body;
}

/** Invokes a deployed task. */
export function invoke(
  task: Task<TaskContract>,
  input: object = {},
  { timeLeft = 60_000 }: { timeLeft?: number } = {},
): Promise<ReturnType<typeof JSON.parse>> {
  return task(input, contextOf(task, { timeLeft }));
}
