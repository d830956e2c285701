import { findArchived } from '#lib/archive/archive.ts';
import { archivedProduct } from '#lib/archive/schema.ts';
import { ok } from '#lib/http/answers.ts';
import type { Contract, Request } from '#lib/http/contract.ts';
import { operation } from '#lib/http/operation.ts';
import { visibleStore } from '#lib/http/visible-stores.ts';
import { storeProductPath } from '#lib/products/schema.ts';
import { admitStore } from '#lib/stores/registry.ts';

const contract = {
  name: 'get-archived-product',
  summary: "Returns a record from a store's archive, with all its original fields.",
  routes: ['GET /stores/{store}/archive/{product}'],
  scope: 'products:read',
  servers: ['primary', 'secondary'],
  path: storeProductPath,
  answers: { 200: archivedProduct },
} as const satisfies Contract;

async function getArchivedProduct({ caller, path, signal }: Request<typeof contract>) {
  const store = await admitStore(visibleStore(caller.stores, path.store), 'archive', signal);
  return ok(await findArchived(store, path.product, signal));
}

export const handler = operation(contract, getArchivedProduct);
