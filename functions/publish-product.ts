import { ok } from '#lib/http/answers.ts';
import { type Contract, jsonBody, LONG_TIME_LIMIT_MS, type Request } from '#lib/http/contract.ts';
import { idempotencyKey } from '#lib/http/headers.ts';
import { idempotencyKeyOf } from '#lib/http/idempotency-key.ts';
import { operation } from '#lib/http/operation.ts';
import { runAtLeastOnce } from '#lib/idempotency/idempotency.ts';
import { openHeadCatalog } from '#lib/products/catalog.ts';
import { type Published, publication, publicationInput } from '#lib/products/publication-schema.ts';
import { isPublished, publishToStores } from '#lib/products/publishing.ts';
import { headProductPath } from '#lib/products/schema.ts';
import { activeStores } from '#lib/stores/lists.ts';

const contract = {
  name: 'publish-product',
  summary: 'Copies a product of the head catalog to stores, or updates their copies.',
  routes: ['POST /products/{product}/publications'],
  repeat: 'safe',
  scope: 'products:write',
  sockets: { primary: 5 },
  timeLimitMs: LONG_TIME_LIMIT_MS,
  path: headProductPath,
  headers: idempotencyKey,
  body: jsonBody(publicationInput),
  answers: { 200: publication },
} as const satisfies Contract;

async function publishProduct(request: Request<typeof contract>) {
  const { caller, path, body, signal } = request;
  const stores = body.stores === '*' ? activeStores(caller.stores, signal) : body.stores;
  using head = await openHeadCatalog('read', signal);
  // The token's stores are part of the fingerprint, because the recorded results name stores that only it may see.
  const key = idempotencyKeyOf({ ...request, body: { ...body, among: caller.stores } });
  const results = await runAtLeastOnce<Published[]>(
    head,
    key,
    (earlier) => publishToStores(head, { id: path.product, stores }, caller, earlier),
    (all) => all.every(isPublished),
  );
  return ok({ results });
}

export const handler = operation(contract, publishProduct);
