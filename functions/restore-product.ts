import { restoreFromArchive } from '#lib/archive/restoring.ts';
import { restorationBody } from '#lib/archive/schema.ts';
import { created } from '#lib/http/answers.ts';
import { type Contract, jsonBody, type Request } from '#lib/http/contract.ts';
import { idempotencyKey } from '#lib/http/headers.ts';
import { idempotencyKeyOf } from '#lib/http/idempotency-key.ts';
import { operation } from '#lib/http/operation.ts';
import { Drifted, DuplicateKey, StoreNotWritable } from '#lib/http/problems.ts';
import { openCatalog } from '#lib/products/catalog.ts';
import { product, storeProductPath } from '#lib/products/schema.ts';

const contract = {
  name: 'restore-product',
  summary: "Restores a record from a store's archive as a product that matches the current schema.",
  routes: ['POST /stores/{store}/archive/{product}/restoration'],
  repeat: 'safe',
  scope: 'products:write',
  servers: ['primary', 'secondary'],
  path: storeProductPath,
  headers: idempotencyKey,
  body: jsonBody(restorationBody, {
    types: ['application/merge-patch+json', 'application/json'],
    optional: true,
  }),
  answers: { 201: product },
  answerHeaders: { 201: ['etag', 'location'] },
  problems: [DuplicateKey, Drifted, StoreNotWritable],
} as const satisfies Contract;

async function restoreProduct(request: Request<typeof contract>) {
  const { path, body } = request;
  using catalog = await openCatalog(request.path.store, 'write', request);
  const restored = await restoreFromArchive(
    catalog,
    { id: path.product, patch: body },
    idempotencyKeyOf(request),
  );
  return created(restored, `/stores/${path.store}/products/${restored.id}`);
}

export const handler = operation(contract, restoreProduct);
