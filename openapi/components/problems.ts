import * as z from 'zod/mini';
import { fault, type Kind, shapeOf } from '../problems.ts';
import { component, plainComponent } from './component.ts';

/** A response of API Gateway itself: it rejected the token, or received no response from the function. */
export const gatewayMessage = z.looseObject({ message: z.string() });

/** Returns the problem components: a schema for each kind of problem, and their parts. */
export const problemComponents = (kinds: Kind[]) => [
  ...kinds.map(({ name, schema, when }) => ({
    ...plainComponent(`${name}Problem`, schema, when),
    members: {
      type: 'A URN that identifies the kind of problem. Programs compare it.',
      title: 'A short name of the kind of problem.',
      status: 'The HTTP status code.',
      detail: 'What went wrong in this request.',
      instance: 'The id of the request as a URN. The id is also in `X-Request-Id`.',
      errors: 'The faults in the request, each with its location.',
      ...('outcome' in shapeOf(schema) ? { outcome: OUTCOME } : {}),
    },
  })),
  component('Fault', fault, 'A fault and its location.', {
    in: 'The part of the request with the fault, or `archive` for the archived record.',
    pointer: 'A JSON pointer (RFC 6901) to the value within that part.',
    reason: 'What is wrong with the value. It reads on from the pointer: “/name is required”.',
  }),
  plainComponent('GatewayMessage', gatewayMessage, 'A response that API Gateway returns itself.'),
];

const OUTCOME =
  '`not-applied`: nothing was changed. `unknown`: the change may have been applied, completely or in part.';
