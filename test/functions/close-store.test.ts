import { describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { archiveOn } from '#lib/archive/record.ts';
import { secondary } from '#lib/connections.ts';
import { handler } from '../../functions/close-store.ts';
import { handler as createProduct } from '../../functions/create-product.ts';
import { handler as createStore } from '../../functions/create-store.ts';
import { handler as getArchived } from '../../functions/get-archived-product.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as getStore } from '../../functions/get-store.ts';
import { handler as listArchive } from '../../functions/list-archive.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler as listStores } from '../../functions/list-stores.ts';
import { handler as restoreProduct } from '../../functions/restore-product.ts';
import { handler as updateStore } from '../../functions/update-store.ts';
import { addManyProducts, addProduct, aProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

const archive = archiveOn(await secondary());
const databases = async () => {
  const { databases } = await mongoose.connection.listDatabases();
  return databases.map(({ name }) => name);
};

describe('close-store', () => {
  it('archives every product, drops the database, and shows the store as closed', async () => {
    const store = await openStore();
    const { product, path } = await addProduct({ store });
    await addProduct({ store });
    expect(await databases()).toContain(`store_${store}`);
    const answer = await call(handler, { path: { store } });
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'closed', archived: 2, remaining: 0 },
    });
    expect(await databases()).not.toContain(`store_${store}`);
    expect(await call(getProduct, { path })).toMatchObject({ status: 404 });
    expect(await call(getStore, { path: { store } })).toMatchObject({
      status: 200,
      headers: { etag: '"3"' },
      body: { status: 'closed' },
    });
    const archived = await call(getArchived, { path });
    expect(archived.body).toEqual({
      ...product,
      _archive: { id: product.id, store, source: 'catalog', archivedAt: expect.any(String) },
    });
    expect((await call(listArchive, { path: { store } })).body.items).toHaveLength(2);
  });

  it('can be repeated for a closed store', async () => {
    const store = await openStore();
    await addProduct({ store });
    const first = await call(handler, { path: { store } });
    const again = await call(handler, { path: { store } });
    expect([again.status, again.body]).toEqual([200, first.body]);
  });

  it('lists a closed store, and answers 409 when its id is used again', async () => {
    const store = await openStore();
    await call(handler, { path: { store } });
    const { body } = await call(listStores, { query: { limit: '100' } });
    expect(body.items).toContainEqual(expect.objectContaining({ id: store, status: 'closed' }));
    const again = await call(createStore, { body: { id: store, name: 'X', currency: 'USD' } });
    expect(again).toMatchObject({ status: 409, body: { key: { id: store } } });
    for (const closed of [
      await call(createProduct, { path: { store }, body: aProduct() }),
      await call(listProducts, { path: { store } }),
      await call(restoreProduct, { path: { store, product: '0'.repeat(24) } }),
    ])
      expect(closed.status).toBe(404);
  });

  it('answers 202 with what remains when its time is over, and continues there', async () => {
    const store = await openStore();
    await addManyProducts(store, 4_000);
    const answers = [];
    let timeLeft = 2_600;
    for (let status = 202; status === 202 || status === 503; ) {
      const answer = await call(handler, { path: { store }, timeLeft });
      status = answer.status;
      // On a slow machine, a step may need more than this time. Like 202, that means to send the request again.
      if (status === 503) timeLeft += 500;
      else answers.push(answer);
    }
    expect(answers.length).toBeGreaterThan(1);
    for (const { status, headers, body } of answers.slice(0, -1)) {
      expect([status, headers['retry-after'], body.status]).toEqual([202, '1', 'closing']);
      expect(body.archived).toBe(4_000 - body.remaining);
    }
    expect(answers.at(-1)).toMatchObject({
      status: 200,
      body: { status: 'closed', archived: 4_000, remaining: 0 },
    });
    expect(await archive.countDocuments({ store })).toBe(4_000);
  });

  it('closes a store once for many concurrent requests', async () => {
    const store = await openStore();
    await addManyProducts(store, 1_200);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call(handler, { path: { store } })),
    );
    const closed = { status: 'closed', archived: 1_200, remaining: 0 };
    for (const { status, body } of answers) expect([status, body]).toEqual([200, closed]);
    expect(await archive.countDocuments({ store })).toBe(1_200);
    expect((await call(getStore, { path: { store } })).body.version).toBe(3);
  });

  it('closes a suspended store', async () => {
    const store = await openStore();
    await addProduct({ store });
    await call(updateStore, { path: { store }, body: { status: 'suspended' } });
    expect(await call(handler, { path: { store } })).toMatchObject({
      status: 200,
      body: { status: 'closed', archived: 1 },
    });
  });

  it('answers 412 unless If-Match names the version that is closed, also to a repeated request', async () => {
    const store = await openStore();
    await call(updateStore, { path: { store }, body: { name: 'Second' } });
    const close = (tag: string) => call(handler, { path: { store }, headers: { 'if-match': tag } });
    const stale = await close('"1"');
    expect([stale.status, stale.headers.etag]).toEqual([412, '"2"']);
    expect(await call(getStore, { path: { store } })).toMatchObject({ body: { status: 'active' } });
    expect(await close('"2"')).toMatchObject({ status: 200 });
    expect(await close('"2"')).toMatchObject({ status: 200 });
    expect(await close('"1"')).toMatchObject({ status: 412 });
  });

  it('answers 404 for an unknown store', async () => {
    expect(await call(handler, { path: { store: 'no-such-store' } })).toMatchObject({
      status: 404,
    });
  });
});
