import type { Contract, Request } from '../lib/contract.ts';
import { okUnlessFresh } from '../lib/http/answers.ts';
import { operation } from '../lib/operation.ts';
import { ifNoneMatch } from '../lib/schemas/headers.ts';
import { store, storePath } from '../lib/schemas/store.ts';
import { findStore } from '../lib/stores/stores.ts';
import { visibleStore } from '../lib/stores/visible-stores.ts';

const contract = {
  name: 'get-store',
  summary: 'Reads a store.',
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
