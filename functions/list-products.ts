import type { Contract, Request } from '../lib/contract.ts';
import { ok } from '../lib/http/answers.ts';
import { operation } from '../lib/operation.ts';
import { linkToNext } from '../lib/page.ts';
import { openCatalog } from '../lib/products/catalog.ts';
import { pageOfProducts } from '../lib/products/product-lists.ts';
import { catalogPath, productPage, productQuery } from '../lib/schemas/product.ts';

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
  const { url, query, signal } = request;
  using catalog = await openCatalog(request, 'read');
  const page = await pageOfProducts(catalog, query, signal);
  return ok(page, linkToNext({ url, query }, page));
}

export const handler = operation(contract, listProducts);
