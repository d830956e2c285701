import { leaseStore } from '#lib/connections.ts';
import { newRecord, productsOn } from '#lib/products/record.ts';
import type { Product, ProductInput } from '#lib/products/schema.ts';
import type { StorePlace } from '#lib/store-id.ts';
import { handler as createProduct } from '../../functions/create-product.ts';
import { handler as createStore } from '../../functions/create-store.ts';
import { call } from './gateway.ts';
import { run } from './settings.ts';

let count = 0;
const next = () => `${run}-${++count}`;

/** Returns a valid product with every field. A test case changes one thing in it. */
export const aProduct = (changes: Partial<ProductInput> = {}): Required<ProductInput> => ({
  sku: `SKU-${next()}`,
  name: 'Laptop Pro',
  description: 'A laptop for work',
  category: 'Electronics',
  tags: ['computer'],
  price: { amount: 129_999, currency: 'USD' },
  stock: 12,
  status: 'active',
  attributes: { color: 'grey' },
  ...changes,
});

/** Creates a store that no other test uses, by default on the primary, and returns its id. */
export async function openStore({ cluster }: { cluster?: string } = {}): Promise<string> {
  const id = `store-${next()}`;
  const { status, body } = await call(createStore, {
    body: { id, name: 'A Store', currency: 'USD', ...(cluster ? { cluster } : {}) },
  });
  if (status !== 201) throw new Error(`The store was not opened: ${JSON.stringify(body)}`);
  return id;
}

/** Adds products to a store, or to the head catalog. */
export async function addProducts(
  path: { store?: string },
  products: Partial<ProductInput>[],
): Promise<Product[]> {
  const added: Product[] = [];
  for (const changes of products) {
    const { status, body } = await call(createProduct, { path, body: aProduct(changes) });
    if (status !== 201) throw new Error(`The product was not added: ${JSON.stringify(body)}`);
    added.push(body);
  }
  return added;
}

/** Adds one product, and returns it with its path parameters. */
export async function addProduct(path: { store?: string }, changes: Partial<ProductInput> = {}) {
  const [product] = (await addProducts(path, [changes])) as [Product];
  return { product, path: { ...path, product: product.id } as Record<string, string> };
}

/** Returns a place without asking the registry, to lease the database of a store past it. */
export const placeOf = (store: string, cluster = 'primary') =>
  ({ id: store, cluster }) as StorePlace;

/** Adds many products directly to a store's database, like a late write that was admitted earlier. */
export async function addManyProducts(store: string, count: number): Promise<void> {
  using lease = await leaseStore(placeOf(store));
  const now = new Date();
  const records = Array.from({ length: count }, () => newRecord(aProduct(), now));
  await productsOn(lease.connection).collection.insertMany(records as never);
}
