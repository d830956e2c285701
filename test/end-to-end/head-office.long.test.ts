import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Manystore, manystore } from '@manystore/client';
import { mongo } from 'mongoose';
import { invokeLocal, runLocal, type Service, startEmptyService } from '../support/service.ts';
import { servers } from '../support/settings.ts';
import { startValidatingProxy, type ValidatingProxy } from '../support/validating-proxy.ts';

/*
 * A head office with three stores: the service as `npm start` runs it, used through the typed client of its HTTP API,
 * behind a proxy that checks every request and response against the OpenAPI document. Tasks, which no request
 * reaches, are run with `npm run invoke` and `serverless invoke local`, while the service also runs them by schedule.
 */

const env = {
  PRIMARY_CONN_STR: servers.primary,
  SECONDARY_CONN_STR: servers.secondary,
  CURSOR_SECRET: 'signs the cursors of the head office',
  POWERTOOLS_METRICS_DISABLED: 'true',
};
const stores = ['berlin', 'paris', 'vienna'];

let service: Service;
let proxy: ValidatingProxy;
let catalog: Manystore;

async function importInto(store: string, csv: string) {
  const { data } = await catalog.POST('/stores/{store}/products/import', {
    params: { path: { store } },
    headers: { 'content-type': 'text/csv' },
    body: csv,
  });
  return data;
}

/** Runs a task as `npm run invoke` does, and returns its result. */
async function invokeTask(name: string) {
  const { stdout, stderr } = await runLocal('invoke.ts', {
    args: [name],
    env: { LAMBDA_PORT: String(service.lambdaPort) },
  });
  if (stderr) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Syncs the mirror until every store is synced. On a slow machine, that may take more than one run. */
async function syncCompletely(): Promise<void> {
  let result: { failed?: number; remaining?: number } = {};
  for (let runs = 0; runs < 10; runs++) {
    result = await invokeTask('sync-mirror').catch((error) => error);
    if (result.failed === 0 && result.remaining === 0) return;
  }
  throw new Error('The mirror was not synced', { cause: result });
}

/** The first product in a store's list that matches. */
async function find(store: string, q: string) {
  const params = { path: { store }, query: { q } };
  for await (const found of catalog.items('/stores/{store}/products', { params })) return found;
  throw new Error(`${store} has nothing for ${q}`);
}

async function dropStores(): Promise<void> {
  const client = await mongo.MongoClient.connect(servers.primary);
  for (const store of stores) await client.db(`store_${store}`).dropDatabase();
  await client.close();
}

/** Five thousand products, as a spreadsheet program exports them. */
const spreadsheet = [
  'sku,name,category,tags,amount,currency,stock,attributes.color',
  ...Array.from(
    { length: 5_000 },
    (_, i) =>
      `TEA-${i},"Tea, no. ${i}",Tea,drink|${i % 2 ? 'green' : 'black'},${500 + i},EUR,${i % 90},grey`,
  ),
].join('\n');

let lamp: string;

describe('a head office', () => {
  beforeAll(async () => {
    await dropStores();
    service = await startEmptyService();
    proxy = await startValidatingProxy(service.url);
    const { url, fetch } = proxy;
    catalog = manystore({ url, token: service.token, fetch });
  }, 120_000);
  afterAll(async () => {
    await proxy?.stop();
    await service?.stop();
    await dropStores();
  }, 120_000);

  it('gets an error when a request or a response does not match the API document', async () => {
    const odd = { id: 'odd', name: 'Odd', currency: 'EUR', shop: true };
    const call = catalog.POST('/stores', { body: odd, maxRetries: 0 });
    await expect(call).rejects.toThrow(/additional properties/);
  });

  it('opens three stores', async () => {
    for (const id of stores) {
      const body = { id, name: `Store ${id}`, currency: 'EUR' };
      expect((await catalog.POST('/stores', { body })).response.status).toBe(201);
    }
  });

  it('publishes a product of its own catalog into all of them', async () => {
    const price = { amount: 4_900, currency: 'EUR' };
    const added = await catalog.POST('/products', {
      body: { sku: 'LAMP', name: 'Reading Lamp', category: 'Home', price, stock: 0 },
    });
    lamp = added.data.id;
    const publish = () =>
      catalog.POST('/products/{product}/publications', {
        params: { path: { product: lamp } },
        body: { stores },
      });
    const created = stores.map((store) => ({ store, result: 'created' }));
    expect((await publish()).data.results).toEqual(created);
    const unchanged = stores.map((store) => ({ store, result: 'unchanged' }));
    expect((await publish()).data.results).toEqual(unchanged);
    for (const store of stores)
      expect(await find(store, 'lamp')).toMatchObject({ sku: 'LAMP', stock: 0, price });
  });

  it('imports a spreadsheet of 5,000 products, and a second import changes nothing', async () => {
    const first = await importInto('berlin', spreadsheet);
    expect(first).toMatchObject({ created: 5_000, updated: 0, unchanged: 0, failed: [] });
    const second = await importInto('berlin', spreadsheet);
    expect(second).toMatchObject({ created: 0, updated: 0, unchanged: 5_000, failed: [] });
  }, 120_000);

  it('exports the catalog page by page, and imports it into another store', async () => {
    let brought = 0;
    for await (const file of catalog.pages('/stores/{store}/products/export', {
      params: { path: { store: 'berlin' }, query: { format: 'csv', limit: 3_000 } },
    }))
      brought += (await importInto('paris', file)).created;
    expect(brought).toBe(5_000);
  }, 120_000);

  it('sells no more than the stock', async () => {
    const tea = await find('berlin', 'TEA-7'); // Its stock is 7.
    const sell = (by: number, key?: string) =>
      catalog.POST('/stores/{store}/products/{product}/stock', {
        params: {
          path: { store: 'berlin', product: tea.id },
          ...(key ? { header: { 'Idempotency-Key': key } } : {}),
        },
        body: { by },
      });
    const sold = await sell(-2, 'sale-1');
    expect([sold.response.status, sold.data.stock]).toEqual([200, tea.stock - 2]);
    expect((await sell(-2, 'sale-1')).data).toEqual(sold.data);
    await expect(sell(-tea.stock)).rejects.toMatchObject({
      status: 409,
      problem: { stock: tea.stock - 2 },
    });
  });

  it('moves stock from one store to another', async () => {
    const [here, there] = [await find('berlin', 'TEA-89'), await find('paris', 'TEA-89')];
    const body = { from: 'berlin', to: 'paris', sku: here.sku, quantity: 9 };
    const header = { 'Idempotency-Key': 'van-1' };
    const moved = await catalog.POST('/transfers', { params: { header }, body });
    expect(moved.response.status).toBe(201);
    expect(moved.data).toMatchObject(body);
    expect((await find('berlin', here.sku)).stock).toBe(here.stock - 9);
    expect((await find('paris', here.sku)).stock).toBe(there.stock + 9);
  });

  it('archives a product, and restores it', async () => {
    const tea = await find('berlin', 'TEA-42');
    const params = { path: { store: 'berlin', product: tea.id } };
    const retired = await catalog.DELETE('/stores/{store}/products/{product}', { params });
    expect(retired.response.status).toBe(204);
    const read = () => catalog.GET('/stores/{store}/products/{product}', { params });
    await expect(read()).rejects.toMatchObject({ title: 'Not found' });
    const { data, response } = await catalog.POST('/stores/{store}/archive/{product}/restoration', {
      params,
    });
    expect([response.status, data.id, data.sku]).toEqual([201, tea.id, tea.sku]);
    expect((await read()).data).toEqual(data);
    const archived = catalog.GET('/stores/{store}/archive/{product}', { params });
    await expect(archived).rejects.toMatchObject({ status: 404 });
  });

  it('restores an old record with a patch that adds the missing fields', async () => {
    const { data } = await catalog.POST('/stores/{store}/archive', {
      params: { path: { store: 'vienna' } },
      body: [
        { name: 'Samovar', price: 120, maker: 'Tula' },
        { title: 'Teapot', glaze: 'celadon' },
      ],
    });
    const params = { path: { store: 'vienna', product: data.archived[0] ?? '' } };
    const restore = (body?: Record<string, unknown>) =>
      catalog.POST('/stores/{store}/archive/{product}/restoration', {
        params,
        ...(body ? { body } : {}),
      });
    const at = (pointer: string) => expect.objectContaining({ pointer });
    await expect(restore()).rejects.toMatchObject({
      status: 422,
      errors: expect.arrayContaining(['/maker', '/price', '/sku'].map(at)),
    });
    const values = { sku: 'SAM', price: { amount: 12_000, currency: 'EUR' }, maker: null };
    const restored = await restore(values);
    expect(restored.response.status).toBe(201);
    expect(restored.data).toMatchObject({ sku: 'SAM', name: 'Samovar' });
  });

  it('searches across its stores, once they are mirrored', async () => {
    await syncCompletely();
    const teas = await catalog.GET('/search', { params: { query: { q: 'TEA-4242' } } });
    const found = teas.data.items.map(({ store }) => store?.id);
    expect(found.sort()).toEqual(['berlin', 'paris']);
    const query = { q: 'lamp', sort: '-price' } as const;
    const lamps = await catalog.GET('/search', { params: { query } });
    expect(lamps.data.items).toHaveLength(3);
  }, 120_000);

  it('no longer finds archived products, once the archiving is mirrored', async () => {
    const tea = await find('paris', 'TEA-77');
    await catalog.DELETE('/stores/{store}/products/{product}', {
      params: { path: { store: 'paris', product: tea.id } },
    });
    await syncCompletely();
    const query = { store: 'paris', q: tea.sku };
    const { data } = await catalog.GET('/search', { params: { query } });
    expect(data.items.length).toBeGreaterThan(0); // TEA-770 and others.
    expect(data.items.map(({ sku }) => sku)).not.toContain(tea.sku);
  }, 120_000);

  it('reads its reports', async () => {
    const overview = await catalog.GET('/reports/overview');
    expect(overview.data).toMatchObject({ missing: [], primary: { stores: { active: 3 } } });
    const reports = await catalog.GET('/reports/stores');
    const paris = reports.data.items.find(({ store }) => store.id === 'paris');
    expect(paris).toMatchObject({ products: 5_000, syncedAt: expect.any(String) });
    const taken = await invokeLocal('take-snapshots', {}, env);
    expect(taken).toMatchObject({ taken: 3, unsynced: 0, remaining: 0 });
    const history = await catalog.GET('/reports/stores/{store}/history', {
      params: { path: { store: 'paris' } },
    });
    expect(history.data.items).toMatchObject([{ products: 5_000 }]);
    const drift = await catalog.GET('/reports/drift');
    expect(drift.data.items.map(({ path }) => path)).toContain('/glaze');
  }, 120_000);

  it('suspends a store, and closes another', async () => {
    const vienna = { params: { path: { store: 'vienna' } } };
    const suspended = await catalog.PATCH('/stores/{store}', {
      ...vienna,
      body: { status: 'suspended' },
    });
    expect(suspended.data.status).toBe('suspended');
    expect((await catalog.GET('/stores/{store}/products', vienna)).response.status).toBe(200);

    const close = () => catalog.DELETE('/stores/{store}', { params: { path: { store: 'paris' } } });
    let closing = await close();
    for (let left = 20; closing.response.status === 202 && left > 0; left--)
      closing = await close();
    expect(closing.data.remaining).toBe(0);
    expect(['closing', 'closed']).toContain(closing.data.status);
  }, 120_000);
});
