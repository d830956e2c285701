import type { Contract, Request } from '../lib/contract.ts';
import { okFileUnlessFresh } from '../lib/http/answers.ts';
import { operation } from '../lib/operation.ts';
import { apiDocument } from '../lib/schemas/api-document.ts';
import { forFiles } from '../lib/schemas/headers.ts';

const DOCUMENT = { path: 'docs/openapi.json', type: 'application/json' };

const contract = {
  name: 'get-openapi',
  summary: 'Gives the document of this API, as OpenAPI 3.1 has it.',
  routes: ['GET /openapi.json'],
  scope: 'public',
  servers: [],
  headers: forFiles,
  answers: { 200: apiDocument, 304: null },
  answerTypes: [DOCUMENT.type],
  answerHeaders: {
    200: ['cache-control', 'content-encoding', 'etag', 'vary'],
    304: ['cache-control', 'etag', 'vary'],
  },
} as const satisfies Contract;

async function getOpenapi({ headers }: Request<typeof contract>) {
  return okFileUnlessFresh(DOCUMENT, headers);
}

export const handler = operation(contract, getOpenapi);
