import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { clientTypes, PATHS } from '../../openapi/client.ts';

interface Operation {
  parameters?: { name: string; in: string; schema: { type?: string } }[];
}

const document: { paths: Record<string, Record<string, Operation>> } = JSON.parse(
  readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
);
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { parameters = [] }]) => ({ method, path, parameters })),
);

describe('the typed client', () => {
  it('has the types that `npm run client` generates from the document', async () => {
    expect((await clientTypes()) === readFileSync(PATHS, 'utf8')).toBe(true);
  });

  it('can send an Idempotency-Key with each POST, and with no other method', () => {
    const hasKey = ({ parameters }: { parameters: { name: string }[] }) =>
      parameters.some(({ name }) => name === 'Idempotency-Key');
    expect(operations.filter((each) => hasKey(each) !== (each.method === 'post'))).toEqual([]);
  });

  it('can write every parameter as one text', () => {
    const structured = operations.flatMap(({ parameters }) =>
      parameters.filter(({ schema }) => ['array', 'object'].includes(schema.type ?? '')),
    );
    expect(structured).toEqual([]);
  });
});
