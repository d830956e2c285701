import { ok } from '#lib/http/answers.ts';
import type { Contract, Request } from '#lib/http/contract.ts';
import { linkToNext } from '#lib/http/link-header.ts';
import { operation } from '#lib/http/operation.ts';
import { searchPage, searchQuery } from '#lib/mirror/schema.ts';
import { pageOfSearch } from '#lib/mirror/search.ts';

const contract = {
  name: 'search-products',
  summary: 'Lists, filters and searches the products of all stores in the mirror.',
  routes: ['GET /search'],
  scope: 'reports:read',
  servers: ['secondary'],
  query: searchQuery,
  answers: { 200: searchPage },
  answerHeaders: { 200: ['link'] },
} as const satisfies Contract;

async function searchProducts({ caller, url, query, signal }: Request<typeof contract>) {
  const page = await pageOfSearch(query, caller.stores, signal);
  return ok(page, linkToNext({ url, query }, page));
}

export const handler = operation(contract, searchProducts);
