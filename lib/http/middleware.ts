import type { Deadline } from '@manystore/connections';
import type middy from '@middy/core';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { Caller } from './caller.ts';

/** What the middlewares of a request tell each other. */
export interface RequestState extends Record<string, unknown> {
  startedAt: number;
  coldStart: boolean;
  /** The event as API Gateway sent it: `validate()` puts the checked request in its place. */
  gateway: APIGatewayProxyEventV2;
  deadline: Deadline;
  caller: Caller;
}

/** A request on its way through the middlewares. */
export type MiddlewareRequest = middy.Request<unknown, unknown, Error, Context, RequestState>;

/** One of middy's middlewares, with the hooks that it needs. */
export interface Middleware {
  before?: (request: MiddlewareRequest) => void | Promise<void>;
  after?: (request: MiddlewareRequest) => void;
  onError?: (request: MiddlewareRequest) => void;
}
