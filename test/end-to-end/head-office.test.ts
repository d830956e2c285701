import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { invokeLocal, type Service, startService } from '../support/service.ts';
import { servers } from '../support/settings.ts';

/*
 * A head office with three stores: the service as `npm start` runs it, told by a client of its HTTP API. The
 * functions that no request reaches run by `serverless invoke local`, while the service runs them by their
 * schedule as well.
 */

const env = {
  PRIMARY_CONN_STR: servers.primary,
  SECONDARY_CONN_STR: servers.secondary,
  CURSOR_SECRET: 'a secret of the story',
  POWERTOOLS_METRICS_DISABLED: 'true',
};
const stores = ['berlin', 'paris', 'vienna'];

let service: Service;

interface Send {
  body?: unknown;
  type?: string;
  headers?: Record<string, string>;
}

async function send(
  method: string,
  path: string,
  { body, type = 'application/json', headers = {} }: Send = {},
) {
  const response = await service.fetch(path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': type }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
  const answer: ReturnType<typeof JSON.parse> = isJson && text ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body: answer };
}

const get = (path: string) => send('GET', path);

/** The first product that a store's list finds. */
const find = async (store: string, query: string) =>
  (await get(`/stores/${store}/products?${query}`)).body.items[0];

async function dropStores(): Promise<void> {
  const client = await mongo.MongoClient.connect(servers.primary);
  for (const store of [...stores, 'store-a', 'store-b'])
    await client.db(`store_${store}`).dropDatabase();
  await client.close();
}

/** Five thousand products as a spreadsheet has them. */
const spreadsheet = [
  'sku,name,category,tags,amount,currency,stock,attributes.color',
  ...Array.from(
    { length: 5_000 },
    (_, i) =>
      `TEA-${i},"Tea, no. ${i}",Tea,drink|${i % 2 ? 'green' : 'black'},${500 + i},EUR,${i % 90},grey`,
  ),
].join('\n');

let lamp: { id: string };

describe('a head office', () => {
  beforeAll(async () => {
    await dropStores();
    service = await startService({ env });
  }, 120_000);
  afterAll(async () => {
    await service.stop();
    await dropStores();
  }, 120_000);

  it('opens three stores', async () => {
    for (const id of stores) {
      const body = { id, name: `Store ${id}`, currency: 'EUR' };
      expect(await send('POST', '/stores', { body })).toMatchObject({ status: 201 });
    }
  });

  it('publishes a product of its own catalog into all of them', async () => {
    const price = { amount: 4_900, currency: 'EUR' };
    const added = await send('POST', '/products', {
      body: { sku: 'LAMP', name: 'Reading Lamp', category: 'Home', price, stock: 0 },
    });
    lamp = added.body;
    const publication = { body: { stores } };
    const path = `/products/${lamp.id}/publications`;
    const created = stores.map((store) => ({ store, result: 'created' }));
    expect((await send('POST', path, publication)).body.results).toEqual(created);
    const again = await send('POST', path, publication);
    expect(again.body.results).toEqual(stores.map((store) => ({ store, result: 'unchanged' })));
    for (const store of stores)
      expect(await find(store, 'q=lamp')).toMatchObject({ sku: 'LAMP', stock: 0, price });
  });

  it('brings in a spreadsheet of 5,000 products, which changes nothing the second time', async () => {
    const file = { body: spreadsheet, type: 'text/csv' };
    const first = await send('POST', '/stores/berlin/products/import', file);
    expect(first.body).toMatchObject({ created: 5_000, updated: 0, unchanged: 0, failed: [] });
    const second = await send('POST', '/stores/berlin/products/import', file);
    expect(second.body).toMatchObject({ created: 0, updated: 0, unchanged: 5_000, failed: [] });
  }, 120_000);

  it('takes the catalog out again, page by page, and brings it into another store', async () => {
    let path: string | undefined = '/stores/berlin/products/export?format=csv&limit=3000';
    let brought = 0;
    while (path) {
      const page = await send('GET', path);
      expect(page.status).toBe(200);
      const file = { body: page.body, type: 'text/csv' };
      brought += (await send('POST', '/stores/paris/products/import', file)).body.created;
      path = page.headers.get('link')?.match(/<(.*)>; rel="next"/)?.[1];
    }
    expect(brought).toBe(5_000);
  }, 120_000);

  it('sells what is there, and no more', async () => {
    const tea = await find('berlin', 'q=TEA-7'); // Seven pieces of it.
    const path = `/stores/berlin/products/${tea.id}/stock`;
    const sale = { body: { by: -2 }, headers: { 'idempotency-key': 'sale-1' } };
    const sold = await send('POST', path, sale);
    expect([sold.status, sold.body.stock]).toEqual([200, tea.stock - 2]);
    expect((await send('POST', path, sale)).body).toEqual(sold.body);
    const refused = await send('POST', path, { body: { by: -tea.stock } });
    expect([refused.status, refused.body.stock]).toEqual([409, tea.stock - 2]);
  });

  it('moves stock from one store to another', async () => {
    const [here, there] = [await find('berlin', 'q=TEA-89'), await find('paris', 'q=TEA-89')];
    const body = { from: 'berlin', to: 'paris', sku: here.sku, quantity: 9 };
    const moved = await send('POST', '/transfers', {
      body,
      headers: { 'idempotency-key': 'van-1' },
    });
    expect(moved).toMatchObject({ status: 201, body });
    expect((await find('berlin', `q=${here.sku}`)).stock).toBe(here.stock - 9);
    expect((await find('paris', `q=${here.sku}`)).stock).toBe(there.stock + 9);
  });

  it('retires a product, and takes it back', async () => {
    const tea = await find('berlin', 'q=TEA-42');
    const path = `/stores/berlin/products/${tea.id}`;
    expect(await send('DELETE', path)).toMatchObject({ status: 204 });
    expect(await get(path)).toMatchObject({ status: 404 });
    const restored = await send('POST', `/stores/berlin/archive/${tea.id}/restoration`);
    expect(restored).toMatchObject({ status: 201, body: { id: tea.id, sku: tea.sku } });
    expect((await get(path)).body).toEqual(restored.body);
    expect(await get(`/stores/berlin/archive/${tea.id}`)).toMatchObject({ status: 404 });
  });

  it('takes an old record back when it says what is missing today', async () => {
    const old = { name: 'Samovar', price: 120, maker: 'Tula' };
    const { body } = await send('POST', '/stores/vienna/archive', { body: old });
    const path = `/stores/vienna/archive/${body.archived[0]}/restoration`;
    const drifted = await send('POST', path);
    expect(drifted.status).toBe(422);
    const pointers = drifted.body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers.sort()).toEqual(['/maker', '/price', '/sku']);
    const values = { sku: 'SAM', price: { amount: 12_000, currency: 'EUR' }, maker: null };
    const restored = await send('POST', path, { body: values });
    expect(restored).toMatchObject({ status: 201, body: { sku: 'SAM', name: 'Samovar' } });
  });

  it('searches across its stores, once they are mirrored', async () => {
    const synced = await invokeLocal('sync-mirror', {}, env);
    expect(synced).toMatchObject({ failed: 0, remaining: 0 });
    const { body } = await get('/search?q=TEA-4242');
    const found = body.items.map(({ store }: { store: { id: string } }) => store.id);
    expect(found.sort()).toEqual(['berlin', 'paris']);
    const lamps = await get('/search?q=lamp&sort=-price');
    expect(lamps.body.items).toHaveLength(3);
  }, 120_000);

  it('finds no more what was retired, once that is mirrored', async () => {
    const tea = await find('paris', 'q=TEA-77');
    await send('DELETE', `/stores/paris/products/${tea.id}`);
    const synced = await invokeLocal('sync-mirror', {}, env);
    expect(synced).toMatchObject({ failed: 0, remaining: 0 });
    const { body } = await get(`/search?store=paris&q=${tea.sku}`);
    expect(body.items.map(({ sku }: { sku: string }) => sku)).not.toContain(tea.sku);
  }, 120_000);

  it('reads its reports', async () => {
    const overview = await get('/reports/overview');
    expect(overview).toMatchObject({ status: 200, body: { missing: [] } });
    expect(overview.body.primary.stores.active).toBe(5);
    const { body } = await get('/reports/stores');
    const paris = body.items.find(({ store }: { store: { id: string } }) => store.id === 'paris');
    expect(paris).toMatchObject({ products: 5_000, syncedAt: expect.any(String) });
    const taken = await invokeLocal('take-snapshots', {}, env);
    expect(taken).toMatchObject({ taken: 5, unsynced: 0, remaining: 0 });
    const history = await get('/reports/stores/paris/history');
    expect(history.body.items).toHaveLength(1);
    expect(history.body.items[0]).toMatchObject({ products: 5_000 });
    const drift = await get('/reports/drift');
    const paths = drift.body.items.map(({ path }: { path: string }) => path);
    expect(paths).toContain('/extraField');
  }, 120_000);

  it('suspends a store, and closes another', async () => {
    const suspended = await send('PATCH', '/stores/vienna', { body: { status: 'suspended' } });
    expect(suspended).toMatchObject({ status: 200, body: { status: 'suspended' } });
    expect(await get('/stores/vienna/products')).toMatchObject({ status: 200 });

    let closing = await send('DELETE', '/stores/paris');
    for (let left = 20; closing.status === 202 && left > 0; left--)
      closing = await send('DELETE', '/stores/paris');
    expect(closing.body).toMatchObject({ remaining: 0 });
    expect(['closing', 'closed']).toContain(closing.body.status);
  }, 120_000);
});
