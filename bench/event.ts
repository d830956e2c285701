import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Route } from '#lib/http/contract.ts';
import { eventOf, type TestRequest } from '../test/support/gateway.ts';

/** The event that API Gateway sends for a route, by a caller who may do everything. */
export const eventFor = (route: Route, request: TestRequest): APIGatewayProxyEventV2 =>
  eventOf({ contract: { routes: [route] } } as never, request);
