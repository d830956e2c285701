import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { reportFailure } from '../connections.ts';
import type { Answer } from './answers.ts';
import type { Contract } from './contract.ts';
import { failedChangeOf } from './failed-change.ts';
import type { Middleware, MiddlewareRequest } from './middleware.ts';
import { problemFrom } from './problem-from.ts';

/** Converts the result of an operation, or an error that it or a middleware throws, to an HTTP response. */
export function respond(contract: Contract): Middleware {
  return {
    after(request) {
      const { status, headers, body, type, isBase64Encoded } = request.response as Answer;
      request.response = responseTo(request, {
        status,
        headers,
        text: type === undefined ? asJson(body) : String(body),
        isBase64Encoded,
        type: type ?? 'application/json',
      });
    },
    onError(request) {
      reportFailure(request.error);
      const problem = problemFrom(request.error, failedChangeOf(contract, request));
      const { status, title, kind, message: detail, errors, extra, headers } = problem;
      const body = {
        type: `urn:manystore:problem:${kind}`,
        title,
        status,
        detail,
        instance: `urn:manystore:request:${request.context.awsRequestId}`,
        ...(errors ? { errors } : {}),
        ...extra,
      };
      request.error = problem;
      request.response = responseTo(request, {
        status,
        headers,
        text: asJson(body),
        type: 'application/problem+json',
      });
    },
  };
}

/**
 * The headers of every response. Responses are private and revalidated before reuse. They are data, which a browser
 * must not run, frame or sniff, and fetches only over TLS.
 */
const DEFAULT_HEADERS = {
  'cache-control': 'private, no-cache',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
};

/** Returns JSON, or undefined for a response without a body. */
const asJson = (body: unknown) => (body === null ? undefined : JSON.stringify(body));

function responseTo(
  { context }: MiddlewareRequest,
  {
    status,
    headers,
    text,
    type,
    isBase64Encoded,
  }: {
    status: number;
    headers: Record<string, string>;
    text: string | undefined;
    type: string;
    isBase64Encoded?: boolean | undefined;
  },
): APIGatewayProxyStructuredResultV2 {
  const id = context.awsRequestId;
  const all: Record<string, string> = { ...DEFAULT_HEADERS, 'x-request-id': id };
  if (text !== undefined) all['content-type'] = type;
  Object.assign(all, headers);
  if (text === undefined) return { statusCode: status, headers: all };
  return isBase64Encoded
    ? { statusCode: status, headers: all, body: text, isBase64Encoded }
    : { statusCode: status, headers: all, body: text };
}
