import { afterEach, describe, expect, it } from '@jest/globals';
import { leaseStore, primary } from '#lib/connections.ts';
import { settings } from '#lib/runtime/settings.ts';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler as createProduct } from '../../functions/create-product.ts';
import { handler as getHealth } from '../../functions/get-health.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as ingestArchive } from '../../functions/ingest-archive.ts';
import { handler as listArchive } from '../../functions/list-archive.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { heal, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { addProduct, aProduct, openStore, placeOf } from '../support/catalog.ts';
import { call, callAgain } from '../support/gateway.ts';

afterEach(heal);

const timeLeft = 1_500;

/** Enough stores that the container closes the handles that it had open. */
async function visitOtherStores(): Promise<void> {
  for (let i = 0; i < settings().stores.handleLimit; i++) {
    using lease = await leaseStore(placeOf(`other-${i}`));
    expect(lease.connection.name).toBe(`store_other-${i}`);
  }
}

describe('while the primary is unavailable', () => {
  it('answers 503 in time, and 200 once the primary is available again', async () => {
    const { path } = await addProduct({ store: await openStore() });
    await primaryProxy.shut();
    expect(await call(getProduct, { path, timeLeft })).toMatchObject({ status: 503 });
    await primaryProxy.listen();
    expect(await callAgain(getProduct, { path })).toMatchObject({ status: 200 });
  });

  it('answers 503 to writes, which can be retried', async () => {
    const store = await openStore();
    const body = aProduct();
    await call(listProducts, { path: { store } });
    await primaryProxy.shut();
    const refused = await call(createProduct, { path: { store }, body, timeLeft });
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, expect.any(String)]);
    await primaryProxy.listen();
    expect(await callAgain(createProduct, { path: { store }, body })).toMatchObject({
      status: 201,
    });
  });

  it('answers 503 to a write when every response of the server is lost', async () => {
    const store = await openStore();
    primaryProxy.decide = ({ name }) => (name === 'insert' ? 'cut after' : 'pass');
    const lost = await call(createProduct, { path: { store }, body: aProduct() });
    expect([lost.status, lost.headers['retry-after']]).toEqual([503, expect.any(String)]);
    primaryProxy.decide = () => 'pass';
    expect((await call(listProducts, { path: { store } })).body.items).toHaveLength(1);
  });

  it('reports the service as unhealthy', async () => {
    await call(getHealth);
    await primaryProxy.shut();
    const { status, headers, body } = await call(getHealth, { timeLeft });
    expect(status).toBe(503);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(body.connections).toMatchObject({
      primary: { status: 'down' },
      secondary: { status: 'up' },
    });
  });

  it('opens a store for the first time as soon as the server is available again', async () => {
    const store = await openStore();
    await visitOtherStores();
    const connection = await primary();
    const disconnected = new Promise((resolve) => connection.once('disconnected', resolve));
    await primaryProxy.shut();
    await disconnected;
    expect(connection.readyState).toBe(0);
    await primaryProxy.listen();
    expect(await callAgain(listProducts, { path: { store } })).toMatchObject({ status: 200 });
  });
});

describe('while the secondary is unavailable', () => {
  it('serves every operation that needs only the primary', async () => {
    await secondaryProxy.shut();
    const store = await openStore();
    const { path } = await addProduct({ store });
    expect(await call(getProduct, { path })).toMatchObject({ status: 200 });
    expect(await call(listProducts, { path: { store } })).toMatchObject({ status: 200 });
  });

  it('answers 503 to operations that need the archive, and leaves the product in its store', async () => {
    const store = await openStore();
    const { product, path } = await addProduct({ store });
    await secondaryProxy.shut();
    expect(await call(archiveProduct, { path, timeLeft })).toMatchObject({ status: 503 });
    expect(await call(listArchive, { path: { store }, timeLeft })).toMatchObject({ status: 503 });
    const ingest = { path: { store }, body: { old: true }, timeLeft };
    expect(await call(ingestArchive, ingest)).toMatchObject({ status: 503 });
    expect((await call(getProduct, { path })).body).toEqual(product);
    await secondaryProxy.listen();
    expect(await callAgain(archiveProduct, { path })).toMatchObject({ status: 204 });
  });

  it('reports the service as degraded', async () => {
    await call(getHealth);
    await secondaryProxy.shut();
    const { status, body } = await call(getHealth, { timeLeft: 10_000 });
    expect([status, body.status]).toEqual([200, 'degraded']);
    expect(body.connections.secondary.status).toBe('down');
  });
});

describe('when its sockets are cut', () => {
  it('reports the service as healthy with 200 although every socket of the pool breaks at its first use', async () => {
    await Promise.all(Array.from({ length: 20 }, () => call(listProducts)));
    expect(primaryProxy.open).toBeGreaterThan(2);
    primaryProxy.breakSockets();
    expect(await call(getHealth)).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('continues to read and write, and writes nothing twice', async () => {
    const store = await openStore();
    const { path } = await addProduct({ store });
    for (let round = 0; round < 25; round++) {
      primaryProxy.cut();
      expect(await call(getProduct, { path })).toMatchObject({ status: 200 });
      primaryProxy.cut();
      const body = aProduct();
      expect(await call(createProduct, { path: { store }, body })).toMatchObject({ status: 201 });
    }
    const { body } = await call(listProducts, { path: { store }, query: { limit: '100' } });
    expect(body.items).toHaveLength(26);
  });
});
