import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { committedDocument, documentOf } from '../../openapi/document.ts';
import { FILES, runExamples } from '../../openapi/examples.ts';
import { allFunctions } from '../support/operations.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

type Json = ReturnType<typeof JSON.parse>;
const committed = committedDocument();
const document: Json = JSON.parse(committed);

/** The operations of the document, each as a route: `GET /stores`. */
const described: [route: string, operation: Json][] = Object.entries<Json>(document.paths).flatMap(
  ([path, item]) =>
    Object.entries(item).map(([method, it]): [string, Json] => [
      `${method.toUpperCase()} ${path}`,
      it,
    ]),
);

describe('docs/openapi.json', () => {
  it('is up to date with the contracts and with the answers of the service', async () => {
    const functions = await allFunctions();
    const examples = await runExamples(functions);
    // Compared as a boolean first: a diff of thousands of lines would hide what to do about it.
    const text = documentOf(functions.operations, examples);
    if (text !== committed) expect(JSON.parse(text)).toEqual(document);
    expect(text === committed).toBe(true);
  });

  it('has exactly the routes of serverless.yml', () => {
    const { functions } = parse(readFileSync(join(root, 'serverless.yml'), 'utf8'));
    const deployed = Object.values<Json>(functions)
      .flatMap(({ events = [] }) => events)
      .flatMap(({ httpApi }: Json) => (httpApi ? [`${httpApi.method} ${httpApi.path}`] : []));
    expect(described.map(([route]) => route).sort()).toEqual(deployed.sort());
  });

  it('has patterns that every engine reads the same way', () => {
    const patterns = [...committed.matchAll(/"pattern": ("(?:[^"\\]|\\.)*")/g)];
    const sources = new Set(patterns.map(([, source = '""']): string => JSON.parse(source)));
    expect(sources.size).toBeGreaterThan(8);
    for (const source of sources) {
      expect(source).not.toMatch(/\\[pP]\{|\\0|\\u|\(\?<|\[\^?\]/);
      expect(() => new RegExp(source)).not.toThrow();
      expect(() => new RegExp(source, 'u')).not.toThrow();
    }
    const line = new RegExp(document.components.schemas.ProductInput.properties.name.pattern);
    const texts = ['Tea', 'Tee für zwei', ' Tea', 'a\tb', 'a\u0000b', 'a\u007fb', 'a\u0085b', 'é'];
    expect(texts.filter((text) => line.test(text))).toEqual(['Tea', 'Tee für zwei', 'é']);
  });

  it('has an example of each problem', () => {
    const problems = Object.keys(document.components.schemas).filter((name) =>
      name.endsWith('Problem'),
    );
    const examples = Object.keys(document.components.examples);
    expect(examples.map((name) => `${name}Problem`).sort()).toEqual(problems.sort());
  });

  it.each(described)('%s has an example of a request and of a response', (_, it) => {
    for (const { name, in: place, example } of it.parameters ?? [])
      if (place === 'path') expect({ name, example }).toEqual({ name, example: expect.anything() });
    const mediaTypes: Json[] = Object.values(it.requestBody?.content ?? {});
    for (const type of mediaTypes) expect(type.example ?? type.examples).toBeDefined();
    const [done] = Object.entries<Json>(it.responses).find(([status]) => status < '400') ?? [];
    const answers: Json[] = Object.values(it.responses[done ?? ''].content ?? {});
    if (!FILES.some((name) => it.operationId.startsWith(name)))
      for (const type of answers) expect(type.example ?? type.examples).toBeDefined();
  });

  it('names the scope that each operation requires, and none for the public ones', async () => {
    const { operations } = await allFunctions();
    const scopes = [...operations.values()].flatMap(({ contract: { routes, scope } }) =>
      routes.map((route) => [route, scope === 'public' ? [] : [{ token: [scope] }]]),
    );
    expect(Object.fromEntries(described.map(([route, it]) => [route, it.security]))).toEqual(
      Object.fromEntries(scopes),
    );
  });
});
