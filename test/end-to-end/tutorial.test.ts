import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { runLocal, type Service, startService } from '../support/service.ts';
import { servers } from '../support/settings.ts';

/*
 * The steps of MongoDB's tutorial "Multiple Connections in a Single Application", taken by a client of the
 * service that `npm start` runs, on the servers of the tests.
 */

const env = { PRIMARY_CONN_STR: servers.primary, SECONDARY_CONN_STR: servers.secondary };
const stores = ['store-a', 'store-b', 'store-c'];

let service: Service;
async function onPrimary<T>(work: (client: mongo.MongoClient) => Promise<T>): Promise<T> {
  const client = await mongo.MongoClient.connect(servers.primary);
  return work(client).finally(() => client.close());
}

/** The ids of the tutorial's stores, which an earlier run may have left on a server. */
async function dropStores(client: mongo.MongoClient): Promise<void> {
  for (const store of stores) await client.db(`store_${store}`).dropDatabase();
}

async function answerOf(response: Response) {
  const body: ReturnType<typeof JSON.parse> = await response.json();
  return { status: response.status, headers: response.headers, body };
}

const get = async (path: string) => answerOf(await service.fetch(path));

const post = async (path: string, body: unknown) =>
  answerOf(
    await service.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );

const namesAndPrices = ({ items }: { items: { name: string; price: { amount: number } }[] }) =>
  items.map(({ name, price }) => [name, price.amount]);

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
    const { status, body } = await get('/products');
    expect(status).toBe(200);
    expect(namesAndPrices(body)).toEqual(tutorial);
    expect(body.items[0]).toMatchObject({ category: 'Electronics', status: 'active' });
  });

  it('finds archived products of another shape on the secondary connection', async () => {
    const { status, body } = await get('/stores/store-a/archive');
    expect(status).toBe(200);
    const byName = new Map(
      (body.items as { name: string; _archive: { id: string } }[]).map((item) => [item.name, item]),
    );
    expect([...byName.keys()].sort()).toEqual(['Bluetooth Speaker', 'Desk Lamp', 'Smart Watch']);
    expect(byName.get('Smart Watch')).toMatchObject({
      price: 199.99,
      category: 'Electronics',
      extraField: 'Fitness tracking',
      timestamp: '2019-03-04T09:30:00Z',
    });
    const id = byName.get('Desk Lamp')?._archive.id;
    const one = await get(`/stores/store-a/archive/${id}`);
    expect(one.body).toEqual(byName.get('Desk Lamp'));
  });

  it('finds the products of two stores in two databases', async () => {
    const [a, b] = [await get('/stores/store-a/products'), await get('/stores/store-b/products')];
    expect(namesAndPrices(a.body)).toEqual(tutorial);
    expect(namesAndPrices(b.body)).toEqual([
      ['Gaming Chair', 29_999],
      ['Mechanical Keyboard', 14_999],
    ]);
    expect(b.body.items[0]).toMatchObject({ store: { id: 'store-b', name: 'Store B' } });
  });

  it('refuses to copy old databases into the sample catalog, whose stores have the same ids', async () => {
    const flags = ['--from', '.env', '--currency', 'USD'];
    const args = ['--url', service.url, '--token', service.token, ...flags];
    const { code, stdout, stderr } = await runLocal('adopt.ts', { args });
    const reason = /^The service contains the sample catalog, .* npm start -- --empty\n$/;
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(reason)]);
  });

  it('creates a new store, and switches to its database', async () => {
    const opened = await post('/stores', { id: 'store-c', name: 'Store C', currency: 'EUR' });
    expect([opened.status, opened.headers.get('location')]).toEqual([201, '/stores/store-c']);
    const price = { amount: 2_499, currency: 'EUR' };
    const added = await post('/stores/store-c/products', { sku: 'LAMP', name: 'Lamp', price });
    expect(added.status).toBe(201);
    const read = await get(added.headers.get('location') ?? '');
    expect(read.body).toEqual(added.body);
    expect(read.headers.get('etag')).toBe('"1"');
    const elsewhere = await get(`/stores/store-a/products/${added.body.id}`);
    expect(elsewhere.status).toBe(404);
  });

  it('archives a product: it leaves its store, and the archive has it with the current fields', async () => {
    const { body } = await get('/stores/store-b/products?q=chair');
    const [chair] = body.items;
    const path = `/stores/store-b/products/${chair.id}`;
    const retired = await service.fetch(path, { method: 'DELETE' });
    expect(retired.status).toBe(204);
    expect(await get(path)).toMatchObject({ status: 404 });
    const archived = await get(`/stores/store-b/archive/${chair.id}`);
    expect(archived.body).toMatchObject(chair);
  });

  it('keeps each of these in its own database', async () => {
    const { databases } = await onPrimary((client) => client.db().admin().listDatabases());
    const names = databases.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(stores.map((store) => `store_${store}`)));
  });

  it('adds no sample data when it starts again on the same databases', async () => {
    const before = await get('/stores/store-a/archive');
    await service.stop();
    service = await startService({ env });
    expect((await get('/stores')).body.items).toHaveLength(3);
    expect((await get('/stores/store-b/products')).body.items).toHaveLength(1);
    expect((await get('/stores/store-a/archive')).body).toEqual(before.body);
  }, 120_000);
});
