import { ok } from '#lib/http/answers.ts';
import type { Contract, Request } from '#lib/http/contract.ts';
import { linkToNext } from '#lib/http/link-header.ts';
import { operation } from '#lib/http/operation.ts';
import { openCatalog } from '#lib/products/catalog.ts';
import { pageOfProducts } from '#lib/products/lists.ts';
import { catalogPath, productPage, productQuery } from '#lib/products/schema.ts';

const contract = {
  name: 'list-products',
  summary: 'Lists, filters and searches the products of the head catalog or of a store.',
  routes: ['GET /products', 'GET /stores/{store}/products'],
  scope: 'products:read',
  path: catalogPath,
  query: productQuery,
  answers: { 200: productPage },
  answerHeaders: { 200: ['link'] },
} as const satisfies Contract;

async function listProducts(request: Request<typeof contract>) {
  const { url, query } = request;
  using catalog = await openCatalog(request.path.store, 'read', request);
  const page = await pageOfProducts(catalog, query);
  return ok(page, linkToNext({ url, query }, page));
}

export const handler = operation(contract, listProducts);
