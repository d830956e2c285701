import { ok } from '#lib/http/answers.ts';
import type { Contract, Request } from '#lib/http/contract.ts';
import { linkToNext } from '#lib/http/link-header.ts';
import { operation } from '#lib/http/operation.ts';
import { pageOfStores } from '#lib/stores/lists.ts';
import { storePage, storeQuery } from '#lib/stores/schema.ts';

const contract = {
  name: 'list-stores',
  summary: 'Lists the stores, ordered by id.',
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
