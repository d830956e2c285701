import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Answer } from '../answers.ts';
import { doubtConnection } from '../connections.ts';
import { DeadlineExceeded } from '../deadline.ts';
import { isUnavailable } from '../mongo-errors.ts';
import { InternalError, Problem, Unavailable } from '../problems.ts';
import type { Link, Passing } from './link.ts';

/** Turns what an operation answers, or what it or a link above it throws, into an HTTP response. */
export function answer(): Link {
  return {
    after(request) {
      const { status, headers, body } = request.response as Answer;
      request.response = respond(request, { status, headers, body, type: 'application/json' });
    },
    onError(request) {
      doubtConnection(request.error);
      const problem = problemFrom(request.error);
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
      request.response = respond(request, {
        status,
        headers,
        body,
        type: 'application/problem+json',
      });
    },
  };
}

/** What the caller may know of an error: itself if it is a problem, else only whether to try again. */
function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DeadlineExceeded)
    return new Unavailable('The request took too long and was given up.', { cause: error });
  if (isUnavailable(error))
    return new Unavailable('A database does not answer at the moment.', { cause: error });
  return new InternalError(error);
}

function respond(
  { context }: Passing,
  { status, headers, body, type }: Answer & { type: string },
): APIGatewayProxyStructuredResultV2 {
  const hasBody = body !== null;
  return {
    statusCode: status,
    headers: {
      ...(hasBody ? { 'content-type': type } : {}),
      'cache-control': 'no-cache',
      'x-request-id': context.awsRequestId,
      ...headers,
    },
    ...(hasBody ? { body: JSON.stringify(body) } : {}),
  };
}
