import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { handler as closeStore } from '../../../functions/close-store.ts';
import { handler as createProduct } from '../../../functions/create-product.ts';
import { handler as getArchived } from '../../../functions/get-archived-product.ts';
import { handler as getProduct } from '../../../functions/get-product.ts';
import { handler as listProducts } from '../../../functions/list-products.ts';
import { handler as updateProduct } from '../../../functions/update-product.ts';
import { handler as updateStore } from '../../../functions/update-store.ts';
import { addManyProducts, addProduct, aProduct, openStore } from '../../support/catalog.ts';
import { call } from '../../support/gateway.ts';

process.env.STORE_DRAIN_MS = '10000';

const close = (store: string) => call(closeStore, { path: { store } });

/** Repeats the request until the store is closed, and returns the last response. */
async function closeToTheEnd(store: string) {
  for (;;) {
    const answer = await close(store);
    if (answer.status !== 202) return answer;
    await sleep(50);
  }
}

// Concurrent, because each waits for ten seconds.
describe('a store that is closed while writes may still arrive', () => {
  it.concurrent('answers 202 with Retry-After, and keeps its database until no more writes can arrive', async () => {
    const store = await openStore();
    const { path } = await addProduct({ store });
    const first = await close(store);
    expect(first).toMatchObject({
      status: 202,
      body: { status: 'closing', archived: 1, remaining: 0 },
    });
    expect(Number(first.headers['retry-after'])).toBeGreaterThan(0);
    expect(await call(listProducts, { path: { store } })).toMatchObject({ body: { items: [] } });
    expect(await call(getProduct, { path })).toMatchObject({ status: 404 });
    const refused = await call(createProduct, { path: { store }, body: aProduct() });
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toBe('The store is closing and does not accept changes.');
    const renamed = await call(updateStore, { path: { store }, body: { name: 'X' } });
    expect(renamed.status).toBe(409);
    expect(await closeToTheEnd(store)).toMatchObject({ status: 200, body: { archived: 1 } });
  });

  it.concurrent('archives late writes', async () => {
    const store = await openStore();
    await addManyProducts(store, 10);
    expect((await close(store)).body).toMatchObject({ archived: 10, remaining: 0 });
    await addManyProducts(store, 700);
    expect((await close(store)).body).toMatchObject({ status: 'closing', archived: 710 });
    await addManyProducts(store, 5);
    expect(await closeToTheEnd(store)).toMatchObject({
      body: { status: 'closed', archived: 715, remaining: 0 },
    });
  });

  it.concurrent('archives every acknowledged concurrent write', async () => {
    const store = await openStore();
    const { path } = await addProduct({ store }, { attributes: {} });
    const writes = Array.from({ length: 60 }, (_, i) => [
      call(createProduct, { path: { store }, body: aProduct() }),
      call(updateProduct, { path, body: { attributes: { [`a${i}`]: 'x' } } }),
    ]).flat();
    const [, ...answers] = await Promise.all([close(store), ...writes]);
    const added = answers.filter(({ status }) => status === 201);
    const changes = answers.filter(({ status }) => status === 200).length;
    expect((await closeToTheEnd(store)).body).toMatchObject({ archived: added.length + 1 });
    for (const { body } of added) {
      const archived = await call(getArchived, { path: { store, product: body.id } });
      expect(archived.body).toMatchObject({ sku: body.sku });
    }
    const { body } = await call(getArchived, { path });
    expect(Object.keys(body.attributes)).toHaveLength(changes);
  });

  it.concurrent('is closed without a wait when it was suspended for long enough', async () => {
    const store = await openStore();
    await call(updateStore, { path: { store }, body: { status: 'suspended' } });
    const other = await openStore();
    // The wait of another store, which began later, is over.
    await closeToTheEnd(other);
    expect(await close(store)).toMatchObject({ status: 200, body: { status: 'closed' } });
  });

  it.concurrent('waits again when it was resumed in between', async () => {
    const store = await openStore();
    const patch = (status: string) => call(updateStore, { path: { store }, body: { status } });
    await patch('suspended');
    await closeToTheEnd(await openStore());
    await patch('active');
    expect(await close(store)).toMatchObject({ status: 202 });
  });
});
