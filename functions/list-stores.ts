import type { Contract, Request } from '../lib/contract.ts';
import { ok } from '../lib/http/answers.ts';
import { operation } from '../lib/operation.ts';
import { linkToNext } from '../lib/page.ts';
import { storePage, storeQuery } from '../lib/schemas/store.ts';
import { pageOfStores } from '../lib/stores/stores.ts';

const contract = {
  name: 'list-stores',
  summary: 'Lists the stores, by id.',
  routes: ['GET /stores'],
  scope: 'stores:read',
  query: storeQuery,
  answers: { 200: storePage },
  answerHeaders: { 200: ['link'] },
} as const satisfies Contract;

async function listStores({ caller, url, query, signal }: Request<typeof contract>) {
  const page = await pageOfStores(query, caller.stores, signal);
  return ok(page, linkToNext({ url, query }, page));
}

export const handler = operation(contract, listStores);
