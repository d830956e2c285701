import type { Deadline } from '@manystore/connections';
import type middy from '@middy/core';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { Caller } from './caller.ts';

/** What the links of the chain tell one another about a request. */
export interface Notes extends Record<string, unknown> {
  startedAt: number;
  coldStart: boolean;
  /** The event as API Gateway sent it: `check` puts the checked request in its place. */
  gateway: APIGatewayProxyEventV2;
  deadline: Deadline;
  caller: Caller;
}

/** A request on its way through the chain. */
export type Passing = middy.Request<unknown, unknown, Error, Context, Notes>;

/** A link of the chain: one of middy's middlewares, with the hooks that it needs. */
export interface Link {
  before?: (request: Passing) => void | Promise<void>;
  after?: (request: Passing) => void;
  onError?: (request: Passing) => void;
}
