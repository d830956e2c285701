import { noContent } from '../lib/answers.ts';
import { moveToArchive } from '../lib/archiving.ts';
import { openCatalog } from '../lib/catalog.ts';
import type { Contract, Request } from '../lib/contract.ts';
import { operation } from '../lib/operation.ts';
import { ifMatch } from '../lib/schemas/headers.ts';
import { productPath } from '../lib/schemas/product.ts';

const contract = {
  name: 'archive-product',
  summary: 'Moves a product to the archive on the secondary server.',
  routes: ['DELETE /products/{product}', 'DELETE /stores/{store}/products/{product}'],
  scope: 'products:write',
  path: productPath,
  headers: ifMatch,
  answers: { 204: null },
} as const satisfies Contract;

async function archiveProduct({ path, headers, signal }: Request<typeof contract>) {
  using catalog = await openCatalog(path, 'write', signal);
  await moveToArchive(catalog, { id: path.product, ifMatch: headers['if-match'] }, signal);
  return noContent();
}

export const handler = operation(contract, archiveProduct);
