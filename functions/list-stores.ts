import { ok } from '../lib/answers.ts';
import type { Contract, Request } from '../lib/contract.ts';
import { operation } from '../lib/operation.ts';
import { linkToNext } from '../lib/page.ts';
import { storePage, storeQuery } from '../lib/schemas/store.ts';
import { pageOfStores } from '../lib/stores.ts';

const contract = {
  name: 'list-stores',
  summary: 'Lists the stores, by id.',
  routes: ['GET /stores'],
  scope: 'stores:read',
  query: storeQuery,
  answers: { 200: storePage },
} as const satisfies Contract;

async function listStores({ url, query, signal }: Request<typeof contract>) {
  const page = await pageOfStores(query, signal);
  return ok(page, linkToNext({ url, query }, page));
}

export const handler = operation(contract, listStores);
