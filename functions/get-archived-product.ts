import { findArchived } from '../lib/archive/archive.ts';
import type { Contract, Request } from '../lib/contract.ts';
import { ok } from '../lib/http/answers.ts';
import { operation } from '../lib/operation.ts';
import { archivedProduct } from '../lib/schemas/archive.ts';
import { storeProductPath } from '../lib/schemas/product.ts';
import { admitStore } from '../lib/stores/stores.ts';
import { visibleStore } from '../lib/stores/visible-stores.ts';

const contract = {
  name: 'get-archived-product',
  summary: 'Reads a retired product of a store, with every field that it had.',
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
