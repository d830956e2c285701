import * as z from 'zod/mini';
import { fault, type Kind } from '../problems.ts';
import { component, plainComponent } from './component.ts';

/** What API Gateway answers itself: when it refuses a token, or has no answer of the function. */
export const gatewayMessage = z.looseObject({ message: z.string() });

/** The components of problems, a schema for each kind. */
export const problemComponents = (kinds: Kind[]) => [
  ...kinds.map(({ name, schema, when }) => ({
    ...plainComponent(`${name}Problem`, schema, when),
    members: {
      type: 'The kind of problem, for programs.',
      title: 'The kind of problem, for people.',
      status: 'The status of the answer.',
      detail: 'What happened this time.',
      instance: 'The id of the request, as a URN; it is in `X-Request-Id` as well.',
      errors: 'The faults of the request, each where it stands.',
    },
  })),
  component('Fault', fault, 'What is wrong, and where.', {
    in: 'The part of the request, or the archived record.',
    pointer: 'Where in it: a JSON pointer (RFC 6901).',
    reason: 'What is wrong there, to be read behind the name of the member.',
  }),
  plainComponent(
    'GatewayMessage',
    gatewayMessage,
    'What API Gateway answers without asking the service.',
  ),
];
