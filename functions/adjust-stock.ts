import { type Contract, jsonBody, type Request } from '../lib/contract.ts';
import { okWithTag } from '../lib/http/answers.ts';
import { once } from '../lib/idempotency.ts';
import { operation } from '../lib/operation.ts';
import { InsufficientStock, StockTooLarge, StoreNotWritable } from '../lib/problems.ts';
import { openCatalog } from '../lib/products/catalog.ts';
import { changeStock } from '../lib/products/stock.ts';
import { idempotencyKey } from '../lib/schemas/headers.ts';
import { product, storeProductPath } from '../lib/schemas/product.ts';
import { adjustment } from '../lib/schemas/stock.ts';

const contract = {
  name: 'adjust-stock',
  summary: "Adds pieces to a product's stock, or takes some away, never below zero.",
  routes: ['POST /stores/{store}/products/{product}/stock'],
  scope: 'stock:write',
  path: storeProductPath,
  headers: idempotencyKey,
  body: jsonBody(adjustment),
  answers: { 200: product },
  answerHeaders: { 200: ['etag'] },
  problems: [StoreNotWritable, InsufficientStock, StockTooLarge],
} as const satisfies Contract;

async function adjustStock(request: Request<typeof contract>) {
  const { path, body, signal } = request;
  using catalog = await openCatalog(request, 'write');
  const adjusted = await once(catalog.products.db, request, (session) =>
    changeStock(catalog, { id: path.product }, body.by, signal, session),
  );
  return okWithTag(adjusted);
}

export const handler = operation(contract, adjustStock);
