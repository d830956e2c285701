import { okUnlessFresh } from '#lib/http/answers.ts';
import type { Contract, Request } from '#lib/http/contract.ts';
import { ifNoneMatch } from '#lib/http/headers.ts';
import { operation } from '#lib/http/operation.ts';
import { openCatalog } from '#lib/products/catalog.ts';
import { findProduct } from '#lib/products/products.ts';
import { product, productPath } from '#lib/products/schema.ts';

const contract = {
  name: 'get-product',
  summary: 'Returns a product of the head catalog or of a store.',
  routes: ['GET /products/{product}', 'GET /stores/{store}/products/{product}'],
  scope: 'products:read',
  path: productPath,
  headers: ifNoneMatch,
  answers: { 200: product, 304: null },
  answerHeaders: { 200: ['etag'], 304: ['etag'] },
} as const satisfies Contract;

async function getProduct(request: Request<typeof contract>) {
  const { path, headers } = request;
  using catalog = await openCatalog(request.path.store, 'read', request);
  const found = await findProduct(catalog, path.product);
  return okUnlessFresh(found, headers['if-none-match']);
}

export const handler = operation(contract, getProduct);
