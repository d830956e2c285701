import { okWithTag } from '../lib/answers.ts';
import { openCatalog } from '../lib/catalog.ts';
import { type Contract, jsonBody, type Request } from '../lib/contract.ts';
import { operation } from '../lib/operation.ts';
import { patchProduct } from '../lib/product-changes.ts';
import { ifMatch } from '../lib/schemas/headers.ts';
import { product, productPatch, productPath } from '../lib/schemas/product.ts';

const contract = {
  name: 'update-product',
  summary: 'Changes a product by a JSON merge patch.',
  routes: ['PATCH /products/{product}', 'PATCH /stores/{store}/products/{product}'],
  scope: 'products:write',
  path: productPath,
  headers: ifMatch,
  body: jsonBody(productPatch, { types: ['application/merge-patch+json', 'application/json'] }),
  answers: { 200: product },
} as const satisfies Contract;

async function updateProduct({ path, headers, body, signal }: Request<typeof contract>) {
  using catalog = await openCatalog(path, 'write', signal);
  const change = { id: path.product, patch: body, ifMatch: headers['if-match'] };
  return okWithTag(await patchProduct(catalog, change, signal));
}

export const handler = operation(contract, updateProduct);
