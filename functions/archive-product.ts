import { moveToArchive } from '#lib/archive/archiving.ts';
import { noContent } from '#lib/http/answers.ts';
import type { Contract, Request } from '#lib/http/contract.ts';
import { expectedVersions } from '#lib/http/etag.ts';
import { ifMatch } from '#lib/http/headers.ts';
import { operation } from '#lib/http/operation.ts';
import { StoreNotWritable } from '#lib/http/problems.ts';
import { openCatalog } from '#lib/products/catalog.ts';
import { productPath } from '#lib/products/schema.ts';

const contract = {
  name: 'archive-product',
  summary: 'Removes a product from its catalog and keeps it in the archive.',
  routes: ['DELETE /products/{product}', 'DELETE /stores/{store}/products/{product}'],
  repeat: 'safe',
  scope: 'products:write',
  servers: ['primary', 'secondary'],
  path: productPath,
  headers: ifMatch,
  answers: { 204: null },
  problems: [StoreNotWritable],
} as const satisfies Contract;

async function archiveProduct(request: Request<typeof contract>) {
  const { path, headers } = request;
  using catalog = await openCatalog(request.path.store, 'write', request);
  const expected = expectedVersions(headers['if-match']);
  await moveToArchive(catalog, { id: path.product, expected });
  return noContent();
}

export const handler = operation(contract, archiveProduct);
