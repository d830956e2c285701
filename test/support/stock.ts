import { handler as getProduct } from '../../functions/get-product.ts';
import { addProduct, openStore } from './catalog.ts';
import { call } from './gateway.ts';

/** A store's product, among stores that have its SKU. */
export interface Branch {
  store: string;
  sku: string;
  id: string;
}

/** Creates two stores on a cluster with a product of the same SKU, with these numbers of pieces. */
export async function twoBranches(
  [first, second]: [number, number],
  on: { cluster?: string } = {},
): Promise<[Branch, Branch]> {
  const store = await openStore(on);
  const { product } = await addProduct({ store }, { stock: first });
  const { sku } = product;
  const other = await openStore(on);
  const { product: same } = await addProduct({ store: other }, { sku, stock: second });
  return [
    { store, sku, id: product.id },
    { store: other, sku, id: same.id },
  ];
}

/**
 * The stock of each of them.
 *
 * @throws {Error} when one of them cannot be read
 */
export async function stockOf(...branches: Branch[]): Promise<number[]> {
  const answers = branches.map(({ store, id }) =>
    call(getProduct, { path: { store, product: id } }),
  );
  return (await Promise.all(answers)).map(({ status, body }) => {
    if (status !== 200) throw new Error(`The stock cannot be read: ${JSON.stringify(body)}`);
    return body.stock;
  });
}
