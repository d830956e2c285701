import { ok } from '../lib/answers.ts';
import { openCatalog } from '../lib/catalog.ts';
import { type Contract, jsonBody, type Request } from '../lib/contract.ts';
import { onceRepeatable } from '../lib/idempotency.ts';
import { operation } from '../lib/operation.ts';
import { publishToStores } from '../lib/publishing.ts';
import { idempotencyKey } from '../lib/schemas/headers.ts';
import { headProductPath } from '../lib/schemas/product.ts';
import { publication, publicationInput } from '../lib/schemas/publication.ts';
import { activeStores } from '../lib/stores.ts';

const contract = {
  name: 'publish-product',
  summary: 'Copies a product of the head catalog into stores, or brings their copies up to date.',
  routes: ['POST /products/{product}/publications'],
  scope: 'products:write',
  path: headProductPath,
  headers: idempotencyKey,
  body: jsonBody(publicationInput),
  answers: { 200: publication },
} as const satisfies Contract;

async function publishProduct(request: Request<typeof contract>) {
  const { path, body, signal } = request;
  const stores = body.stores === '*' ? activeStores(signal) : body.stores;
  using head = await openCatalog({}, 'read', signal);
  const results = await onceRepeatable(head.products.db, request, () =>
    publishToStores(head, { id: path.product, stores }, signal),
  );
  return ok({ results });
}

export const handler = operation(contract, publishProduct);
