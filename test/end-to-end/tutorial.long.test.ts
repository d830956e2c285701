import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Product } from '@manystore/client';
import { mongo } from 'mongoose';
import { runLocal, type Service, startService } from '../support/service.ts';
import { servers } from '../support/settings.ts';

/*
 * The steps of MongoDB's tutorial "Multiple Connections in a Single Application", taken by a client of the
 * service that `npm start` runs, on the servers of the tests. No other file may create the sample catalog on them, because
 * its stores have the same names in each run, and files run at the same time.
 */

const env = { PRIMARY_CONN_STR: servers.primary, SECONDARY_CONN_STR: servers.secondary };
const stores = ['store-a', 'store-b', 'store-c'];

let service: Service;
async function onPrimary<T>(work: (client: mongo.MongoClient) => Promise<T>): Promise<T> {
  const client = await mongo.MongoClient.connect(servers.primary);
  return work(client).finally(() => client.close());
}

/** The stores of the tutorial and of the sample catalog, which an earlier run may have left on a server. */
async function dropStores(client: mongo.MongoClient): Promise<void> {
  for (const store of [...stores, 'pop-up']) await client.db(`store_${store}`).dropDatabase();
}

/** All items of a list, by the iterator of the client. */
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const productsOf = (store: string, q?: string) =>
  all(
    service.client.items('/stores/{store}/products', {
      params: { path: { store }, query: { limit: 2, ...(q ? { q } : {}) } },
    }),
  );

const archiveOf = (store: string) =>
  all(service.client.items('/stores/{store}/archive', { params: { path: { store } } }));

const inStore = (store: string, product: string) => ({ params: { path: { store, product } } });

const namesAndPrices = (products: Product[]) =>
  products.map(({ name, price }) => [name, price.amount]);

const tutorial = [
  ['Laptop Pro', 129_999],
  ['Wireless Headphones', 19_999],
  ['Coffee Maker', 8_999],
];

describe('the tutorial, over HTTP', () => {
  beforeAll(async () => {
    await onPrimary(dropStores);
    service = await startService({ env });
  }, 120_000);
  afterAll(async () => {
    await service.stop();
    await onPrimary(dropStores);
  }, 120_000);

  it('finds the head catalog on the primary connection', async () => {
    const { response, data } = await service.client.GET('/products');
    expect(response.status).toBe(200);
    expect(namesAndPrices(data.items)).toEqual(tutorial);
    expect(data.items[0]).toMatchObject({ category: 'Electronics', status: 'active' });
  });

  it('finds archived products of another shape on the secondary connection', async () => {
    const byName = new Map((await archiveOf('store-a')).map((item) => [item.name, item]));
    expect([...byName.keys()].sort()).toEqual(['Bluetooth Speaker', 'Desk Lamp', 'Smart Watch']);
    expect(byName.get('Smart Watch')).toMatchObject({
      price: 199.99,
      category: 'Electronics',
      extraField: 'Fitness tracking',
      timestamp: '2019-03-04T09:30:00Z',
    });
    const lamp = byName.get('Desk Lamp');
    const { data } = await service.client.GET(
      '/stores/{store}/archive/{product}',
      inStore('store-a', lamp?._archive.id ?? ''),
    );
    expect(data).toEqual(lamp);
  });

  it('finds the products of two stores in two databases', async () => {
    const [a, b] = [await productsOf('store-a'), await productsOf('store-b')];
    expect(namesAndPrices(a)).toEqual(tutorial);
    expect(namesAndPrices(b)).toEqual([
      ['Gaming Chair', 29_999],
      ['Mechanical Keyboard', 14_999],
      ['Wireless Headphones', 19_999],
    ]);
    expect(b[0]).toMatchObject({ store: { id: 'store-b', name: 'Store B' } });
  });

  it('refuses to copy old databases into the sample catalog, whose stores have the same ids', async () => {
    const flags = ['--from', '.env', '--currency', 'USD'];
    const args = ['--url', service.url, '--token', service.token, ...flags];
    const { code, stdout, stderr } = await runLocal('adopt.ts', { args });
    const reason = /^The service contains the sample catalog, .* npm start -- --empty\n$/;
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(reason)]);
  });

  it('creates a new store, and switches to its database', async () => {
    const opened = await service.client.POST('/stores', {
      body: { id: 'store-c', name: 'Store C', currency: 'EUR' },
    });
    const { status, headers } = opened.response;
    expect([status, headers.get('location')]).toEqual([201, '/stores/store-c']);
    const { data: added } = await service.client.POST('/stores/{store}/products', {
      params: { path: { store: 'store-c' } },
      body: { sku: 'LAMP', name: 'Lamp', price: { amount: 2_499, currency: 'EUR' } },
    });
    const get = (store: string) =>
      service.client.GET('/stores/{store}/products/{product}', inStore(store, added.id));
    const read = await get('store-c');
    expect(read.data).toEqual(added);
    expect(read.response.headers.get('etag')).toBe('"1"');
    await expect(get('store-a')).rejects.toMatchObject({ status: 404, kind: 'not-found' });
  });

  it('archives a product: it leaves its store, and the archive has it with the current fields', async () => {
    const [chair] = await productsOf('store-b', 'chair');
    const its = inStore('store-b', chair?.id ?? '');
    const retired = await service.client.DELETE('/stores/{store}/products/{product}', its);
    expect(retired.response.status).toBe(204);
    const read = service.client.GET('/stores/{store}/products/{product}', its);
    await expect(read).rejects.toMatchObject({ status: 404 });
    const archived = await service.client.GET('/stores/{store}/archive/{product}', its);
    expect(archived.data).toMatchObject({ ...chair });
  });

  it("runs the examples of the client's README", async () => {
    const { url, token } = service;
    Object.assign(process.env, { MANYSTORE_URL: url, MANYSTORE_TOKEN: token });
    const { addAtHalfPrice, copyCatalog, skusOf } = await import(
      '../../packages/client/examples/products.ts'
    );
    const { sell } = await import('../../packages/client/examples/sale.ts');
    const price = { amount: 1_000, currency: 'EUR' };
    const cup = await addAtHalfPrice('store-c', { sku: 'CUP', name: 'Cup', price, stock: 3 });
    expect(cup).toMatchObject({ price: { amount: 500, currency: 'EUR' }, version: 2 });
    expect(await copyCatalog('store-a', 'store-c')).toBe(3);
    expect(await skusOf('store-c', 'Electronics')).toHaveLength(2);
    for (const _ of ['sold', 'sent again'])
      expect(await sell('store-c', cup.id, 2, 'receipt-1')).toBe('Sold. 1 left.');
    expect(await sell('store-c', cup.id, 2, 'receipt-2')).toBe('Only 1 left.');
    expect(await sell('store-a', cup.id, 2, 'receipt-3')).toBe('There is no such product.');
  });

  it('keeps each of these in its own database', async () => {
    const { databases } = await onPrimary((client) => client.db().admin().listDatabases());
    const names = databases.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(stores.map((store) => `store_${store}`)));
  });

  it('adds no sample data when it starts again on the same databases', async () => {
    const before = await archiveOf('store-a');
    await service.stop();
    service = await startService({ env });
    expect(await all(service.client.items('/stores'))).toHaveLength(5);
    expect(await productsOf('store-b')).toHaveLength(2);
    expect(await archiveOf('store-a')).toEqual(before);
  }, 120_000);
});
