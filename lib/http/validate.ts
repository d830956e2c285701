import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Contract } from './contract.ts';
import { faultsOf, MAX_FAULTS } from './faults.ts';
import type { Middleware } from './middleware.ts';
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
  const { path = nothing, query = nothing, headers = z.object({}), body } = contract;
  return {
    async before(request) {
      const { gateway, deadline, caller } = request.internal;
      const faults: Fault[] = [];
      const checked = (where: Fault['in'], schema: z.ZodMiniType, value: unknown) => {
        const result = schema.safeParse(value);
        if (!result.success) faults.push(...faultsOf(where, result.error));
        return result.data;
      };
      if (!body) requireNoBody(gateway);
      const content = body && (await readBody(gateway, body, deadline.signal));
      request.event = {
        id: request.context.awsRequestId,
        caller,
        url: gateway.rawPath,
        path: checked('path', path, gateway.pathParameters ?? {}),
        query: checked('query', query, gateway.queryStringParameters ?? {}),
        headers: checked('headers', headers, gateway.headers ?? {}),
        body: body && checked('body', body.schema, content),
        signal: deadline.signal,
      };
      if (faults.length > 0)
        throw new InvalidRequest("The request does not match this operation's schema.", {
          errors: faults.slice(0, MAX_FAULTS),
        });
    },
  };
}

function requireNoBody({ body }: APIGatewayProxyEventV2): void {
  if (!body) return;
  throw new InvalidRequest('This operation does not accept a request body.', {
    errors: [{ in: 'body', pointer: '', reason: 'must be empty' }],
  });
}
