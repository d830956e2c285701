import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { Contract } from '#lib/http/contract.ts';
import { SCOPES } from '#lib/http/scopes.ts';

/** A request to a handler. Members that are left out have the values that a simple client would send. */
export interface GatewayRequest {
  /** The requested route; by default, the first with exactly the parameters of `path`. */
  route?: string;
  path?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown;
  /** The claims of the token; null for a request without one. By default, the caller has every scope and all stores. */
  caller?: GatewayCaller | null;
  /** Milliseconds until Lambda would end the invocation. */
  timeLeft?: number;
}

export interface GatewayCaller {
  subject?: string;
  scopes?: string[];
  /** The claim `stores`, as API Gateway passes it. */
  stores?: unknown;
}

/** Returns the route of the contract that has exactly the parameters of `path`. */
function routeFor({ routes }: Contract, path: Record<string, string>): string {
  const names = Object.keys(path);
  const isFor = (route: string) => (route.match(/\{/g) ?? []).length === names.length;
  const route = routes.find(isFor);
  if (!route) throw new Error(`No route has exactly these path parameters: ${names.join(', ')}`);
  return route;
}

/** Returns the event for a request to a handler. */
export function eventOf(
  { contract }: { contract: Contract },
  { path = {}, route, query, headers = {}, body, caller = {} }: GatewayRequest,
): APIGatewayProxyEventV2 {
  const routeKey = route ?? routeFor(contract, path);
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
      'user-agent': 'local',
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
        userAgent: 'local',
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

/** Returns what API Gateway's JWT authorizer passes on: every claim is text. */
function authorizerOf({
  subject = 'somebody',
  scopes = [...SCOPES],
  stores = '*',
}: GatewayCaller): Record<string, unknown> {
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

/** Returns the context that Lambda passes to a handler. */
export function contextOf(
  { contract: { name } }: { contract: { name: string } },
  { timeLeft = 29_000 }: GatewayRequest = {},
): Context {
  const end = Date.now() + timeLeft;
  return {
    awsRequestId: randomUUID(),
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:eu-central-1:123456789012:function:${name}`,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    memoryLimitInMB: '512',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => end - Date.now(),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
