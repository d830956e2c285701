import { get, post, type Service } from './service.ts';

/*
 * The sample catalog: the data of MongoDB's tutorial "Multiple Connections in a Single Application", created through the
 * API of this service. Amounts are in cents.
 */

const usd = (amount: number) => ({ amount, currency: 'USD' });

const laptop = {
  sku: 'LAP-PRO',
  name: 'Laptop Pro',
  category: 'Electronics',
  tags: ['computer'],
  price: usd(129_999),
  stock: 12,
};
const headphones = {
  sku: 'HEAD-WL',
  name: 'Wireless Headphones',
  category: 'Electronics',
  tags: ['audio', 'wireless'],
  price: usd(19_999),
  stock: 40,
};
const coffeeMaker = {
  sku: 'COF-MKR',
  name: 'Coffee Maker',
  category: 'Kitchen',
  price: usd(8_999),
  stock: 25,
};
const chair = {
  sku: 'CHR-GAME',
  name: 'Gaming Chair',
  category: 'Furniture',
  price: usd(29_999),
  stock: 8,
};
const keyboard = {
  sku: 'KEY-MECH',
  name: 'Mechanical Keyboard',
  category: 'Electronics',
  tags: ['computer'],
  price: usd(14_999),
  stock: 30,
};

/** Old records: their prices are plain numbers, and the current schema does not declare all of their fields. */
const retired = [
  {
    name: 'Smart Watch',
    price: 199.99,
    category: 'Electronics',
    extraField: 'Fitness tracking',
    timestamp: '2019-03-04T09:30:00Z',
  },
  {
    name: 'Bluetooth Speaker',
    price: 79.99,
    category: 'Electronics',
    extraField: { waterproof: true, hours: 12 },
    timestamp: '2020-07-21T16:05:00Z',
  },
  {
    name: 'Desk Lamp',
    price: 49.99,
    category: 'Home',
    extraField: ['warm', 'cold'],
    timestamp: 1_546_300_800,
  },
];

const archive = '/stores/store-a/archive';

const requests: [path: string, body: unknown][] = [
  ['/products', laptop],
  ['/products', headphones],
  ['/products', coffeeMaker],
  ['/stores', { id: 'store-a', name: 'Store A', currency: 'USD' }],
  ['/stores/store-a/products', laptop],
  ['/stores/store-a/products', headphones],
  ['/stores/store-a/products', coffeeMaker],
  ['/stores', { id: 'store-b', name: 'Store B', currency: 'USD' }],
  ['/stores/store-b/products', chair],
  ['/stores/store-b/products', keyboard],
  [archive, retired],
];

/**
 * Creates the sample catalog, unless there is a store or a product of the head catalog. It also continues a call that was
 * interrupted: the archive is created last, so the sample is incomplete without it.
 *
 * @throws {Error} with a message of one line, when the service does not respond as expected
 */
export async function seedIfEmpty(service: Service): Promise<void> {
  const [stores, products] = await Promise.all([
    itemsOf(service, '/stores'),
    itemsOf(service, '/products'),
  ]);
  const isEmpty = stores.length === 0 && products.length === 0;
  if (isEmpty || ((await hasSampleCatalog(service)) && (await lacksArchive(service))))
    await seed(service);
}

/** Returns whether the sample catalog, or a part of it, exists: its first product. A store may have the same id by chance. */
export async function hasSampleCatalog(service: Service): Promise<boolean> {
  const found = await itemsOf(service, `/products?q=${laptop.sku}`);
  return found.some((product) => (product as { sku: string }).sku === laptop.sku);
}

async function lacksArchive(service: Service): Promise<boolean> {
  const store = await get(service, '/stores/store-a', [404]);
  return store.ok && (await itemsOf(service, archive)).length === 0;
}

/** Creates the sample catalog. Existing items (409) are kept, and the archive ignores records that it already has. */
export async function seed(service: Service): Promise<void> {
  for (const [path, body] of requests)
    await post(service, path, { body: JSON.stringify(body) }, [409]);
}

/** Returns the first items of a list. */
async function itemsOf(service: Service, list: string): Promise<unknown[]> {
  const { items } = (await (await get(service, list)).json()) as { items: unknown[] };
  return items;
}
