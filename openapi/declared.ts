import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod/mini';
import type { AnswerHeader, Contract, Route } from '#lib/http/contract.ts';
import { faultsOf, inWords } from '#lib/http/faults.ts';
import { problemsOf } from './problems.ts';

/** The headers that every response has, besides the media type of its body. */
const EVERY_ANSWER = [
  'cache-control',
  'content-security-policy',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-request-id',
];

/** Returns the statuses of the responses that an operation can return on one of its routes, without problems. */
export const statusesOf = ({ answers, routeAnswers = {} }: Contract, route: Route): number[] =>
  [...(routeAnswers[route] ?? Object.keys(answers))].map(Number);

/** A response as the function returns it. */
export type Sent = Pick<APIGatewayProxyStructuredResultV2, 'statusCode' | 'headers' | 'body'>;

/**
 * Checks that a response matches the contract of its operation, and therefore the OpenAPI document, which is generated
 * from the contracts.
 *
 * @param route the requested route of the contract
 * @throws {Error} if the response has an undeclared status, header, member or kind of problem, or lacks a declared one
 */
export function requireDeclared(contract: Contract, route: string, sent: Sent): void {
  const faults = [...undeclared(contract, route as Route, sent)];
  if (faults.length > 0)
    throw new Error(
      `The ${sent.statusCode} response of ${contract.name} (${route}) does not match its contract: ${faults.join('; ')}`,
    );
}

function* undeclared(contract: Contract, route: Route, sent: Sent): Generator<string> {
  const status = sent.statusCode ?? 0;
  const isProblem = mediaTypeOf(sent) === 'application/problem+json';
  if (isProblem) yield* undeclaredProblem(contract, route, sent);
  else if (!statusesOf(contract, route).includes(status)) yield 'its status is not declared';
  else yield* undeclaredAnswer(contract, status, sent);
}

function* undeclaredProblem(contract: Contract, route: Route, sent: Sent): Generator<string> {
  const body = JSON.parse(sent.body ?? '');
  const kind = problemsOf(contract, route).find(({ type }) => type === body.type);
  if (!kind) {
    yield `the problem ${body.type} is not declared`;
    return;
  }
  if (kind.status !== sent.statusCode)
    yield `the problem ${body.type} has the status ${kind.status}`;
  yield* faultsIn(kind.schema, body);
  yield* faultsInHeaders(sent, kind.headers);
}

function* undeclaredAnswer(contract: Contract, status: number, sent: Sent): Generator<string> {
  const { answers, answerTypes, answerHeaders = {} } = contract;
  const schema = answers[status];
  const type = mediaTypeOf(sent);
  if (!schema) {
    if (sent.body !== undefined || type !== undefined) yield 'it has a body';
  } else {
    if (!(answerTypes ?? ['application/json']).includes(type ?? ''))
      yield `its media type is ${type}`;
    yield* faultsIn(schema, answerTypes ? sent.body : JSON.parse(sent.body ?? ''));
  }
  const declared = answerHeaders[status] ?? [];
  const isAlways = (name: AnswerHeader) => name !== 'link' && name !== 'content-encoding';
  yield* faultsInHeaders(sent, {
    always: declared.filter(isAlways),
    sometimes: declared.filter((name) => !isAlways(name)),
  });
}

function* faultsIn(schema: z.ZodMiniType, value: unknown): Generator<string> {
  const result = schema.safeParse(value);
  if (!result.success) yield inWords(faultsOf('body', result.error));
}

function* faultsInHeaders(
  { headers = {} }: Sent,
  { always, sometimes }: { always: readonly string[]; sometimes: readonly string[] },
): Generator<string> {
  const needed = [...EVERY_ANSWER, ...always];
  const known = new Set(['content-type', ...needed, ...sometimes]);
  for (const name of needed) if (headers[name] === undefined) yield `it lacks the header ${name}`;
  for (const name of Object.keys(headers))
    if (!known.has(name)) yield `its header ${name} is not declared`;
}

const mediaTypeOf = ({ headers = {} }: Sent): string | undefined =>
  headers['content-type']?.toString().split(';')[0];
