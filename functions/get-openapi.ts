import { okFileUnlessFresh } from '#lib/api-page/file-answer.ts';
import { apiDocument } from '#lib/api-page/schema.ts';
import type { Contract, Request } from '#lib/http/contract.ts';
import { forFiles } from '#lib/http/headers.ts';
import { operation } from '#lib/http/operation.ts';

const DOCUMENT = { path: 'docs/openapi.json', type: 'application/json' };

const contract = {
  name: 'get-openapi',
  summary: 'Serves the OpenAPI 3.1 document of this API.',
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
