import { created } from '#lib/http/answers.ts';
import { type Contract, jsonBody, type Request } from '#lib/http/contract.ts';
import { idempotencyKey } from '#lib/http/headers.ts';
import { idempotencyKeyOf } from '#lib/http/idempotency-key.ts';
import { operation } from '#lib/http/operation.ts';
import { DuplicateKey, StoreNotWritable } from '#lib/http/problems.ts';
import { runExactlyOnce } from '#lib/idempotency/idempotency.ts';
import { openCatalog, within } from '#lib/products/catalog.ts';
import { insertProduct } from '#lib/products/products.ts';
import { quickInput } from '#lib/products/quick-input.ts';
import { catalogPath, product, productInput } from '#lib/products/schema.ts';

const contract = {
  name: 'create-product',
  summary: 'Creates a product in the head catalog or in a store.',
  routes: ['POST /products', 'POST /stores/{store}/products'],
  repeat: 'safe',
  scope: 'products:write',
  path: catalogPath,
  headers: idempotencyKey,
  body: jsonBody(productInput, { quick: quickInput }),
  answers: { 201: product },
  answerHeaders: { 201: ['etag', 'location'] },
  problems: [DuplicateKey, StoreNotWritable],
} as const satisfies Contract;

async function createProduct(request: Request<typeof contract>) {
  const { url, body } = request;
  using catalog = await openCatalog(request.path.store, 'write', request);
  const inserted = await runExactlyOnce(catalog, idempotencyKeyOf(request), (session) =>
    insertProduct(within(catalog, session), body),
  );
  return created(inserted, `${url}/${inserted.id}`);
}

export const handler = operation(contract, createProduct);
