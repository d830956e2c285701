import { STATUS_CODES } from 'node:http';
import type { Contract, Route } from '#lib/http/contract.ts';
import { statusesOf } from './declared.ts';
import { asExamples, type ExampleAnswer } from './examples.ts';
import { headersOf } from './headers.ts';
import { type Kind, problemsOf } from './problems.ts';
import type { Schemas } from './schemas.ts';

const WORDS: Record<number, string> = {
  200: 'The request succeeded.',
  201: 'The resource was created.',
  202: 'The work is not finished. Repeat the request after `Retry-After` to continue it.',
  204: 'The request succeeded. There is no content.',
  302: 'The resource is at the address in `Location`.',
  304: 'The client already has the current version.',
};

const PROBLEM = 'application/problem+json';
/** The statuses that API Gateway may return itself, with a JSON message instead of problem details. */
const BY_GATEWAY = [401, 403, 500, 503];
/** The content of such a response: API Gateway's message is the standard phrase of the status. */
const gatewayContent = (status: number) => ({
  'application/json': {
    schema: { $ref: '#/components/schemas/GatewayMessage' },
    example: { message: STATUS_CODES[status] },
  },
});

/** Returns the responses of an operation on one of its routes, by status. */
export function responsesOf(
  contract: Contract,
  route: Route,
  { schemas, examples }: { schemas: Schemas; examples: ExampleAnswer[] },
) {
  const problems = Map.groupBy(problemsOf(contract, route), ({ status }) => status);
  return {
    ...Object.fromEntries(
      statusesOf(contract, route).map((status) => [
        status,
        answerOf(contract, status, { schemas, examples }),
      ]),
    ),
    ...Object.fromEntries(
      [...problems].map(([status, kinds]) => [status, problemOf(status, kinds)]),
    ),
    429: { $ref: '#/components/responses/TooManyRequests' },
  };
}

function answerOf(
  { answers, answerTypes, answerHeaders = {} }: Contract,
  status: number,
  { schemas, examples }: { schemas: Schemas; examples: ExampleAnswer[] },
) {
  const schema = answers[status];
  const types = answerTypes ?? ['application/json'];
  const content = (type: string) => ({
    schema:
      !answerTypes || type === 'application/json'
        ? schemas.reference(schema as never)
        : { type: 'string' },
    ...asExamples(
      examples.filter((it) => it.status === status && it.type === type).map(({ body }) => body),
    ),
  });
  return {
    description: WORDS[status] ?? '',
    headers: headersOf(answerHeaders[status] ?? []),
    ...(schema ? { content: Object.fromEntries(types.map((type) => [type, content(type)])) } : {}),
  };
}

/** Returns the response for the problems of one status: a component if there is one kind, otherwise a choice. */
function problemOf(status: number, kinds: Kind[]) {
  const [first, ...others] = kinds as [Kind, ...Kind[]];
  if (others.length === 0) return { $ref: `#/components/responses/${first.name}` };
  return {
    description: kinds.map(({ title, when }) => `${title}: ${when}`).join('\n\n'),
    headers: headersOf([...new Set(kinds.flatMap(({ headers }) => headers.always))]),
    content: {
      [PROBLEM]: {
        schema: { oneOf: kinds.map(({ name }) => schemaOf(name)) },
        examples: Object.fromEntries(
          kinds.map(({ name }) => [name, { $ref: `#/components/examples/${name}` }]),
        ),
      },
      ...byGateway(status),
    },
  };
}

const byGateway = (status: number) => (BY_GATEWAY.includes(status) ? gatewayContent(status) : {});

const schemaOf = (name: string) => ({ $ref: `#/components/schemas/${name}Problem` });

/** Returns the response components: one for each kind of problem, and the rate limit response of API Gateway. */
export const responseComponents = (kinds: Kind[]) => ({
  ...Object.fromEntries(kinds.map((kind) => [kind.name, componentOf(kind)])),
  TooManyRequests: {
    description:
      'The rate limit, which all clients share, is exceeded. API Gateway returns this response.',
    content: gatewayContent(429),
  },
});

const componentOf = ({ name, status, when, headers }: Kind) => ({
  description: when,
  headers: headersOf([...headers.always, ...headers.sometimes]),
  content: {
    [PROBLEM]: {
      schema: schemaOf(name),
      examples: { [name]: { $ref: `#/components/examples/${name}` } },
    },
    ...byGateway(status),
  },
});
