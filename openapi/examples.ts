import type { Contract, Route } from '#lib/http/contract.ts';
import type { Operation } from '#lib/http/operation.ts';
import { contextOf, eventOf, type GatewayRequest } from '../local/gateway-event.ts';
import { requireDeclared } from './declared.ts';
import { dropExampleStores, seedExamples } from './example-catalog.ts';
import { exampleRequests, inHeadCatalog, moreExampleRequests } from './example-requests.ts';
import { failingOperations, failingRequests } from './failing-requests.ts';
import type { allFunctions } from './functions.ts';
import { stabilizer } from './stable.ts';

type Functions = Awaited<ReturnType<typeof allFunctions>>;

/** The service's responses to the examples. */
export interface Examples {
  /** By operation and route: `get-store GET /stores/{store}`. */
  answers: Map<string, ExampleAnswer[]>;
  /** By the name of the problem's class. */
  problems: Map<string, unknown>;
}

export interface ExampleAnswer {
  status: number;
  /** The media type of its body. */
  type: string | undefined;
  /** The parsed JSON body; a string if it is not JSON; undefined if there is no body. */
  body: unknown;
}

/** Operations that serve files. Their examples would contain the whole file: for get-openapi, the document itself. */
export const FILES = ['get-docs', 'get-openapi'];

/** Deletions come last, and changes with `If-Match` come before changes that raise the version. */
const ORDER = ['GET', 'PATCH', 'POST', 'DELETE'];

/** Sorts operations so that each one finds the data that its example requires. */
export function inExampleOrder<Found extends Operation<Contract>>(
  operations: [name: string, operation: Found][],
): [name: string, operation: Found][] {
  const rankOf = ([, { contract }]: [string, Found]) =>
    ORDER.indexOf(contract.routes[0]?.split(' ')[0] ?? '');
  return operations.toSorted((one, other) => rankOf(one) - rankOf(other));
}

/** The key of an example's response in {@link Examples}. */
export const exampleKey = (name: string, route: Route): string => `${name} ${route}`;

/** Returns the `example` or `examples` of a media type in OpenAPI: one value, or several distinct ones by name. */
export function asExamples(values: unknown[]): { example?: unknown; examples?: object } {
  const texts = [...new Set(values.map((value) => JSON.stringify(value)))];
  const [first, ...others] = texts.map((text): unknown => JSON.parse(text));
  if (texts.length === 0) return {};
  if (others.length === 0) return { example: first };
  const named = [first, ...others].map((value, n): [string, object] => [
    `example-${n + 1}`,
    { value },
  ]);
  return { examples: Object.fromEntries(named) };
}

/** Returns the example requests of an operation for one of its routes, with the path parameters of that route. */
export function examplesFor(name: string, route: Route): GatewayRequest[] {
  const example = exampleRequests[name];
  if (!example) throw new Error(`${name} has no example in openapi/example-requests.ts`);
  const isInRoute = ([part]: [string, string]) => route.includes(`{${part}}`);
  const idFor = (id: string) => (route.includes('{store}') ? id : (inHeadCatalog[id] ?? id));
  return [example, ...(moreExampleRequests[name] ?? [])].map((request) => ({
    ...request,
    path: Object.fromEntries(
      Object.entries(request.path ?? {})
        .filter(isInRoute)
        .map(([part, value]) => [part, idFor(value)]),
    ),
  }));
}

/**
 * Sends every example to its operation, on the servers that the environment configures. Ids and times in the
 * responses are replaced, so that each run returns the same responses.
 *
 * @throws {Error} if a response does not match its contract, or is an error
 */
export async function runExamples({ operations }: Functions): Promise<Examples> {
  await dropExampleStores();
  await seedExamples();
  const stable = stabilizer();
  const answers: Examples['answers'] = new Map();
  const problems: Examples['problems'] = new Map();

  const send = async (operation: Operation<Contract>, request: GatewayRequest) => {
    const event = eventOf(operation, request);
    const sent = await operation(event, contextOf(operation));
    return { event, sent, answer: read(sent, stable) };
  };

  const all = inExampleOrder([...operations])
    .filter(([name]) => !FILES.includes(name))
    .flatMap(([name, operation]) =>
      operation.contract.routes.map((route) => ({ name, operation, route })),
    );
  const isLast = ({ route }: { route: Route }) => route.startsWith('DELETE');

  const answerAll = async (examples: typeof all) => {
    for (const { name, operation, route } of examples) {
      const given: ExampleAnswer[] = [];
      for (const request of examplesFor(name, route)) {
        const { sent, answer } = await send(operation, request);
        requireDeclared(operation.contract, route, sent);
        if (answer.status >= 300)
          throw new Error(`The example of ${route} failed: ${JSON.stringify(answer)}`);
        given.push(answer);
      }
      answers.set(exampleKey(name, route), given);
    }
  };

  await answerAll(all.filter((example) => !isLast(example)));
  for (const [kind, { operation: name, request }] of Object.entries(failingRequests)) {
    const operation = operations.get(name) as Operation<Contract>;
    const { event, sent, answer } = await send(operation, request);
    requireDeclared(operation.contract, event.routeKey, sent);
    problems.set(kind, answer.body);
  }
  for (const [kind, operation] of Object.entries(failingOperations))
    problems.set(kind, (await send(operation, {})).answer.body);
  await answerAll(all.filter(isLast));
  await dropExampleStores();
  return { answers, problems };
}

function read(
  { statusCode = 0, headers, body }: Awaited<ReturnType<Operation<Contract>>>,
  stable: (text: string) => string,
): ExampleAnswer {
  const type = headers?.['content-type']?.toString().split(';')[0];
  const text = body === undefined ? undefined : stable(body);
  const isJson = text !== undefined && /[/+]json$/.test(type ?? '');
  return { status: statusCode, type, body: isJson ? JSON.parse(text) : text };
}
