import { apiDocument as document } from '../lib/api-document.ts';
import type { Contract, Request } from '../lib/contract.ts';
import { okTextUnlessFresh } from '../lib/http/answers.ts';
import { operation } from '../lib/operation.ts';
import { apiDocument } from '../lib/schemas/api-document.ts';
import { ifNoneMatch } from '../lib/schemas/headers.ts';

const TYPE = 'application/json';

const contract = {
  name: 'get-openapi',
  summary: 'Gives the document of this API, as OpenAPI 3.1 has it.',
  routes: ['GET /openapi.json'],
  scope: 'public',
  headers: ifNoneMatch,
  answers: { 200: apiDocument, 304: null },
  answerTypes: [TYPE],
  answerHeaders: { 200: ['cache-control', 'etag'], 304: ['cache-control', 'etag'] },
} as const satisfies Contract;

/** It changes with a deployment only, and is the same for everybody. */
const KEPT = { 'cache-control': 'public, max-age=300' };

async function getOpenapi({ headers }: Request<typeof contract>) {
  return okTextUnlessFresh({ ...document(), type: TYPE }, headers['if-none-match'], KEPT);
}

export const handler = operation(contract, getOpenapi);
