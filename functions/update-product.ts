import { okWithTag } from '#lib/http/answers.ts';
import { type Contract, jsonBody, type Request } from '#lib/http/contract.ts';
import { expectedVersions } from '#lib/http/etag.ts';
import { ifMatch } from '#lib/http/headers.ts';
import { operation } from '#lib/http/operation.ts';
import { DuplicateKey, StoreNotWritable } from '#lib/http/problems.ts';
import { openCatalog } from '#lib/products/catalog.ts';
import { patchProduct } from '#lib/products/changes.ts';
import { product, productPatch, productPath } from '#lib/products/schema.ts';

const contract = {
  name: 'update-product',
  summary: 'Updates a product with a JSON merge patch.',
  routes: ['PATCH /products/{product}', 'PATCH /stores/{store}/products/{product}'],
  repeat: 'safe',
  scope: 'products:write',
  path: productPath,
  headers: ifMatch,
  body: jsonBody(productPatch, { types: ['application/merge-patch+json', 'application/json'] }),
  answers: { 200: product },
  answerHeaders: { 200: ['etag'] },
  problems: [DuplicateKey, StoreNotWritable],
} as const satisfies Contract;

async function updateProduct(request: Request<typeof contract>) {
  const { path, headers, body } = request;
  using catalog = await openCatalog(request.path.store, 'write', request);
  const change = { id: path.product, patch: body, expected: expectedVersions(headers['if-match']) };
  return okWithTag(await patchProduct(catalog, change));
}

export const handler = operation(contract, updateProduct);
