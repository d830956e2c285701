import { created } from '../lib/answers.ts';
import { openCatalog } from '../lib/catalog.ts';
import { type Contract, jsonBody, type Request } from '../lib/contract.ts';
import { operation } from '../lib/operation.ts';
import { insertProduct } from '../lib/products.ts';
import { catalogPath, product, productInput } from '../lib/schemas/product.ts';

const contract = {
  name: 'create-product',
  summary: 'Adds a product to the head catalog or to a store.',
  routes: ['POST /products', 'POST /stores/{store}/products'],
  scope: 'products:write',
  path: catalogPath,
  body: jsonBody(productInput),
  answers: { 201: product },
} as const satisfies Contract;

async function createProduct({ url, path, body, signal }: Request<typeof contract>) {
  using catalog = await openCatalog(path, 'write', signal);
  const inserted = await insertProduct(catalog, body, signal);
  return created(inserted, `${url}/${inserted.id}`);
}

export const handler = operation(contract, createProduct);
