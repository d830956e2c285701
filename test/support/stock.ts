import { handler as getProduct } from '../../functions/get-product.ts';
import { addProduct, openStore } from './catalog.ts';
import { call } from './gateway.ts';

/** A product of a store, among stores that have it under one SKU. */
export interface Branch {
  store: string;
  sku: string;
  id: string;
}

/** Opens two stores that have a product of the same SKU, so many pieces of it each. */
export async function twoBranches([first, second]: [number, number]): Promise<[Branch, Branch]> {
  const store = await openStore();
  const { product } = await addProduct({ store }, { stock: first });
  const { sku } = product;
  const other = await openStore();
  const { product: same } = await addProduct({ store: other }, { sku, stock: second });
  return [
    { store, sku, id: product.id },
    { store: other, sku, id: same.id },
  ];
}

/** How many pieces each of them has. */
export async function stockOf(...branches: Branch[]): Promise<number[]> {
  const answers = branches.map(({ store, id }) =>
    call(getProduct, { path: { store, product: id } }),
  );
  return (await Promise.all(answers)).map(({ body }) => body.stock);
}
