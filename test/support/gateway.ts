import { randomUUID } from 'node:crypto';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import { type Contract, SCOPES } from '../../lib/contract.ts';
import type { Operation } from '../../lib/operation.ts';
import type { Task, TaskContract } from '../../lib/task.ts';

/** A request, as far as a test cares; what it leaves out is as a plain client would send it. */
export interface TestRequest {
  path?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown;
  /** What the token says; null for a request without one. A test that leaves it out may do everything. */
  caller?: TestCaller | null;
  /** Milliseconds until Lambda would end the invocation. */
  timeLeft?: number;
}

export interface TestCaller {
  subject?: string;
  scopes?: string[];
  /** The claim `stores`, as API Gateway hands it on. */
  stores?: unknown;
}

export interface TestAnswer {
  status: number;
  headers: Record<string, string>;
  /** What JSON.parse gives: a test makes its own claims about it. Text that is no JSON, as it is. */
  body: ReturnType<typeof JSON.parse>;
}

/** Calls a deployed handler with the event that API Gateway sends for a route of its contract. */
export async function call(
  handler: Operation<Contract>,
  request: TestRequest = {},
): Promise<TestAnswer> {
  const result = await handler(eventOf(handler, request), contextOf(handler, request));
  return {
    status: result.statusCode ?? 0,
    headers: result.headers as Record<string, string>,
    body: bodyOf(result),
  };
}

function bodyOf({ headers, body }: APIGatewayProxyStructuredResultV2) {
  const isJson = /[/+]json$/.test(String(headers?.['content-type']));
  return body !== undefined && isJson ? JSON.parse(body) : body;
}

/** The route of the contract that has just the parameters of `path`. */
function routeFor({ routes }: Contract, path: Record<string, string>): string {
  const names = Object.keys(path);
  const isFor = (route: string) => (route.match(/\{/g) ?? []).length === names.length;
  const route = routes.find(isFor);
  if (!route) throw new Error(`No route takes ${names.join(', ')}`);
  return route;
}

/** The event for the route of a handler that has just the parameters of `path`. */
export function eventOf(
  { contract }: Operation<Contract>,
  { path = {}, query, headers = {}, body, caller = {} }: TestRequest,
): APIGatewayProxyEventV2 {
  const routeKey = routeFor(contract, path);
  const [method = '', template = ''] = routeKey.split(' ');
  const rawPath = template.replace(/\{(\w+)\}/g, (_, name: string) => path[name] ?? '');
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: {
      host: 'catalog.example',
      'user-agent': 'jest',
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(query ? { queryStringParameters: query } : {}),
    ...(Object.keys(path).length > 0 ? { pathParameters: path } : {}),
    ...(text === undefined ? {} : { body: text }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      ...(caller ? { authorizer: authorizerOf(caller) } : {}),
      domainName: 'catalog.example',
      domainPrefix: 'catalog',
      http: {
        method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'jest',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: '22/Nov/2026:12:00:00 +0000',
      timeEpoch: Date.UTC(2026, 10, 22, 12),
    },
    isBase64Encoded: false,
  };
}

/** What API Gateway's JWT authorizer makes of a token: every claim is text. */
function authorizerOf({
  subject = 'tester',
  scopes = [...SCOPES],
  stores = '*',
}: TestCaller): Record<string, unknown> {
  const claims = {
    iss: 'https://issuer.example',
    sub: subject,
    aud: 'manystore',
    exp: '1795392000',
    scope: scopes.join(' '),
    ...(stores === undefined || stores === null ? {} : { stores }),
  };
  return { jwt: { claims, scopes } };
}

/** Invokes a deployed task. */
export function invoke(
  task: Task<TaskContract>,
  input: object = {},
  { timeLeft = 60_000 }: { timeLeft?: number } = {},
): Promise<ReturnType<typeof JSON.parse>> {
  return task(input, contextOf(task, { timeLeft }));
}

/** What Lambda tells a handler of the invocation. */
export function contextOf(
  { contract: { name } }: { contract: { name: string } },
  { timeLeft = 29_000 }: TestRequest = {},
): Context {
  const end = Date.now() + timeLeft;
  return {
    awsRequestId: randomUUID(),
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:eu-central-1:123456789012:function:${name}`,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'test',
    memoryLimitInMB: '512',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => end - Date.now(),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
