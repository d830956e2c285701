import { okUnlessFresh } from '#lib/http/answers.ts';
import type { Contract, Request } from '#lib/http/contract.ts';
import { ifNoneMatch } from '#lib/http/headers.ts';
import { operation } from '#lib/http/operation.ts';
import { visibleStore } from '#lib/http/visible-stores.ts';
import { findStore } from '#lib/stores/lists.ts';
import { store, storePath } from '#lib/stores/schema.ts';

const contract = {
  name: 'get-store',
  summary: 'Returns a store.',
  routes: ['GET /stores/{store}'],
  scope: 'stores:read',
  path: storePath,
  headers: ifNoneMatch,
  answers: { 200: store, 304: null },
  answerHeaders: { 200: ['etag'], 304: ['etag'] },
} as const satisfies Contract;

async function getStore({ caller, path, headers, signal }: Request<typeof contract>) {
  const found = await findStore(visibleStore(caller.stores, path.store), signal);
  return okUnlessFresh(found, headers['if-none-match']);
}

export const handler = operation(contract, getStore);
