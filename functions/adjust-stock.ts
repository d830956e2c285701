import { okWithTag } from '#lib/http/answers.ts';
import { type Contract, jsonBody, type Request } from '#lib/http/contract.ts';
import { idempotencyKey } from '#lib/http/headers.ts';
import { idempotencyKeyOf } from '#lib/http/idempotency-key.ts';
import { operation } from '#lib/http/operation.ts';
import { InsufficientStock, StockTooLarge, StoreNotWritable } from '#lib/http/problems.ts';
import { runExactlyOnce } from '#lib/idempotency/idempotency.ts';
import { openCatalog, within } from '#lib/products/catalog.ts';
import { product, storeProductPath } from '#lib/products/schema.ts';
import { changeStock } from '#lib/products/stock.ts';
import { adjustment } from '#lib/products/stock-schema.ts';

const contract = {
  name: 'adjust-stock',
  summary: "Increases or decreases a product's stock, which never goes below zero.",
  routes: ['POST /stores/{store}/products/{product}/stock'],
  repeat: 'needs-key',
  scope: 'stock:write',
  path: storeProductPath,
  headers: idempotencyKey,
  body: jsonBody(adjustment),
  answers: { 200: product },
  answerHeaders: { 200: ['etag'] },
  problems: [StoreNotWritable, InsufficientStock, StockTooLarge],
} as const satisfies Contract;

async function adjustStock(request: Request<typeof contract>) {
  const { path, body } = request;
  using catalog = await openCatalog(request.path.store, 'write', request);
  const adjusted = await runExactlyOnce(catalog, idempotencyKeyOf(request), (session) =>
    changeStock(within(catalog, session), { id: path.product }, body.by),
  );
  return okWithTag(adjusted);
}

export const handler = operation(contract, adjustStock);
