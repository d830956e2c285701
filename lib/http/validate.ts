import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Contract } from './contract.ts';
import { faultsOf, MAX_FAULTS } from './faults.ts';
import type { Middleware, MiddlewareRequest } from './middleware.ts';
import { type Fault, InvalidRequest } from './problems.ts';
import { readBody } from './read-body.ts';

const nothing = z.strictObject({});

/**
 * Validates a request against its contract, and passes on what the schemas return. All faults are reported together.
 *
 * @throws {InvalidRequest} when the request does not match the contract
 * @throws {UnsupportedMediaType} see {@link readBody}
 * @throws {ContentTooLarge} see {@link readBody}
 */
export function validate(contract: Contract): Middleware {
  const { path = nothing, query = nothing, headers, body } = contract;
  const isWithoutQuery = ({ queryStringParameters }: APIGatewayProxyEventV2) =>
    query === nothing && !queryStringParameters;
  let isFirst = true;
  const check = ({ context, internal }: MiddlewareRequest, content?: unknown) => {
    const { gateway, deadline, caller } = internal;
    const faults: Fault[] = [];
    const checked = (where: Fault['in'], schema: z.ZodMiniType, value: unknown) => {
      const result = schema.safeParse(value);
      if (!result.success) faults.push(...faultsOf(where, result.error));
      return result.data;
    };
    // A container's first request does not wait until a quick reader is built.
    const quick = isFirst ? undefined : body?.quick?.(content);
    isFirst = false;
    const request = {
      id: context.awsRequestId,
      caller,
      url: gateway.rawPath,
      path: checked('path', path, gateway.pathParameters ?? {}),
      query: isWithoutQuery(gateway)
        ? {}
        : checked('query', query, gateway.queryStringParameters ?? {}),
      headers: headers && checked('headers', headers, gateway.headers ?? {}),
      body: quick ?? (body && checked('body', body.schema, content)),
      signal: deadline.signal,
    };
    if (faults.length > 0)
      throw new InvalidRequest("The request does not match this operation's schema.", {
        errors: faults.slice(0, MAX_FAULTS),
      });
    return request;
  };
  return {
    before(request) {
      const { gateway, deadline } = request.internal;
      if (body)
        return readBody(gateway, body, deadline.signal).then((content) => {
          request.event = check(request, content);
        });
      requireNoBody(gateway);
      request.event = check(request);
    },
  };
}

function requireNoBody({ body }: APIGatewayProxyEventV2): void {
  if (!body) return;
  throw new InvalidRequest('This operation does not accept a request body.', {
    errors: [{ in: 'body', pointer: '', reason: 'must be empty' }],
  });
}
