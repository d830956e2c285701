import type { Deadline } from '@manystore/connections';
import type middy from '@middy/core';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { Caller } from './caller.ts';

/** The state that the middlewares of a request share. */
export interface RequestState extends Record<string, unknown> {
  startedAt: number;
  coldStart: boolean;
  /** The original event from API Gateway, which `validate()` replaces with the checked request. */
  gateway: APIGatewayProxyEventV2;
  deadline: Deadline;
  /** The caller of a verified token, which may lack the scope of the operation. */
  verified?: Caller;
  /** The caller that the operation sees. */
  caller: Caller;
}

/** A request as the middlewares see it. */
export type MiddlewareRequest = middy.Request<unknown, unknown, Error, Context, RequestState>;

/** A middy middleware, with the hooks that it needs. */
export interface Middleware {
  before?: (request: MiddlewareRequest) => void | Promise<void>;
  after?: (request: MiddlewareRequest) => void;
  onError?: (request: MiddlewareRequest) => void;
}
