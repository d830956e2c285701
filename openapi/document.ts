import { readFileSync } from 'node:fs';
import type { Contract, Route } from '#lib/http/contract.ts';
import type { Operation } from '#lib/http/operation.ts';
import * as problems from '#lib/http/problems.ts';
import { type Examples, exampleKey, examplesFor } from './examples.ts';
import { headerComponents } from './headers.ts';
import { info } from './info.ts';
import { parametersOf } from './parameters.ts';
import { changeKinds, kindOf } from './problems.ts';
import { requestBodyOf } from './request-body.ts';
import { responseComponents, responsesOf } from './responses.ts';
import { Schemas } from './schemas.ts';
import { sectionOf, sections } from './sections.ts';

const { Problem, ...classes } = problems;
const kinds = [...Object.values(classes).map(kindOf), ...changeKinds];

/** The URL of the document's file. */
export const DOCUMENT = new URL('../docs/openapi.json', import.meta.url);

/** Returns the document as it was committed. */
export const committedDocument = (): string => readFileSync(DOCUMENT, 'utf8');

/** Returns the OpenAPI document as text. It is generated from the operations' contracts and their example responses. */
export function documentOf(
  operations: ReadonlyMap<string, Operation<Contract>>,
  examples: Examples,
): string {
  const schemas = new Schemas(kinds);
  const order = sections.flatMap((section) => section.operations);
  for (const name of operations.keys()) sectionOf(name);
  const paths: Record<string, Record<string, object>> = {};
  for (const name of order) {
    const contract = operations.get(name)?.contract;
    if (!contract) throw new Error(`openapi/sections.ts lists ${name}, which is not an operation`);
    for (const route of contract.routes) {
      const [method = '', path = ''] = route.split(' ');
      paths[path] ??= {};
      paths[path][method.toLowerCase()] = operationOf(contract, route, { schemas, examples });
    }
  }
  const document = {
    openapi: '3.1.1',
    info: info(),
    servers: [{ url: '/', description: 'The server that serves this document.' }],
    tags: sections.map(({ name, description }) => ({ name, description })),
    paths,
    components: {
      schemas: schemas.all(),
      responses: onlyUsed(responseComponents(kinds), paths),
      headers: headerComponents(),
      examples: Object.fromEntries(
        [...examples.problems].map(([name, value]) => [name, { summary: kindTitle(name), value }]),
      ),
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'An access token from the issuer that the service trusts. The `scope` claim lists the permitted scopes. The `stores` claim lists the ids of the stores that the token covers, or is `*` for all stores.',
        },
      },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Omits responses that no operation references: a kind of problem that always shares its status has none of its own. */
function onlyUsed<T extends object>(responses: T, paths: object): Partial<T> {
  const text = JSON.stringify(paths);
  const isUsed = ([name]: [string, unknown]) => text.includes(`#/components/responses/${name}"`);
  return Object.fromEntries(Object.entries(responses).filter(isUsed)) as Partial<T>;
}

const kindTitle = (name: string) => kinds.find((kind) => kind.name === name)?.title;

function operationOf(
  contract: Contract,
  route: Route,
  { schemas, examples }: { schemas: Schemas; examples: Examples },
) {
  const { name, summary, scope, body } = contract;
  const requests = examplesFor(name, route);
  const parameters = parametersOf(contract, route, requests[0] ?? {});
  return {
    operationId: operationIdOf(contract, route),
    tags: [sectionOf(name)],
    summary,
    description: describe(contract, route),
    security: scope === 'public' ? [] : [{ token: [scope] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: requestBodyOf(body, { schemas, requests }) } : {}),
    responses: responsesOf(contract, route, {
      schemas,
      examples: examples.answers.get(exampleKey(name, route)) ?? [],
    }),
  };
}

/** Returns the name of the operation, with a suffix for its further routes. */
function operationIdOf({ name, routes }: Contract, route: Route): string {
  if (routes.length === 1) return name;
  if (route.includes('{store}')) return `${name}-in-store`;
  if (route === 'GET /') return `${name}-root`;
  return route.includes('{asset}') ? `${name}-asset` : name;
}

function describe({ scope, routes }: Contract, route: Route): string {
  const about =
    routes.length > 1 && scope !== 'public'
      ? [`For ${route.includes('{store}') ? 'a store' : 'the head catalog'}.`]
      : [];
  const token = scope === 'public' ? 'No token is required.' : `Requires the scope \`${scope}\`.`;
  return [...about, token].join(' ');
}
