import { describe, expect, it } from '@jest/globals';
import { handler as createProduct } from '../../functions/create-product.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler } from '../../functions/publish-product.ts';
import { handler as updateProduct } from '../../functions/update-product.ts';
import { handler as updateStore } from '../../functions/update-store.ts';
import { addProduct, addProducts, aProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

const openStores = (count: number) => Promise.all(Array.from({ length: count }, () => openStore()));
const suspend = (store: string) =>
  call(updateStore, { path: { store }, body: { status: 'suspended' } });
const productsIn = async (store: string) =>
  (await call(listProducts, { path: { store } })).body.items;

/** Publishes a product, and returns the result of each store. */
async function publish(path: Record<string, string>, stores: string[] | '*', headers = {}) {
  const { status, body } = await call(handler, { path, body: { stores }, headers });
  expect(status).toBe(200);
  return body.results as { store: string; result: string; reason?: string }[];
}

describe('publish-product', () => {
  it('creates a product with a stock of 0 in a store that lacks the SKU', async () => {
    const { product, path } = await addProduct({}, { status: 'draft', stock: 7 });
    const store = await openStore();
    expect(await publish(path, [store])).toEqual([{ store, result: 'created' }]);
    const { id, version, createdAt, updatedAt, ...data } = product;
    expect(await productsIn(store)).toEqual([
      {
        ...data,
        id: expect.not.stringMatching(id),
        stock: 0,
        store: { id: store, name: 'A Store' },
        version: 1,
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
      },
    ]);
  });

  it('adds no member that the product lacks', async () => {
    const { path } = await addProduct({}, { description: undefined, category: undefined });
    const store = await openStore();
    await publish(path, [store]);
    const [copy] = await productsIn(store);
    expect(copy).not.toHaveProperty('description');
    expect(copy).not.toHaveProperty('category');
    expect(await publish(path, [store])).toEqual([{ store, result: 'unchanged' }]);
  });

  it("updates a store's copy, and keeps its price and stock", async () => {
    const { product, path } = await addProduct({});
    const store = await openStore();
    await publish(path, [store]);
    const [copy] = await productsIn(store);
    const own = { price: { amount: 7, currency: 'EUR' }, stock: 3 };
    await call(updateProduct, { path: { store, product: copy.id }, body: own });
    const change = { name: 'Teapot', category: null, tags: ['x'], attributes: { color: null } };
    await call(updateProduct, { path, body: { ...change, status: 'draft', stock: 99 } });
    expect(await publish(path, [store])).toEqual([{ store, result: 'updated' }]);
    const [updated] = await productsIn(store);
    expect(updated).toMatchObject({
      ...own,
      id: copy.id,
      sku: product.sku,
      name: 'Teapot',
      tags: ['x'],
      attributes: {},
      status: 'draft',
      version: 3,
    });
    expect(updated).not.toHaveProperty('category');
    const { body: found } = await call(listProducts, { path: { store }, query: { q: 'teapot' } });
    expect(found.items).toEqual([updated]);
  });

  it('updates a product with the same SKU that the store created itself', async () => {
    const { product, path } = await addProduct({}, { name: 'Of the head' });
    const { product: own, path: at } = await addProduct(
      { store: await openStore() },
      { sku: product.sku, name: 'Its own', stock: 5 },
    );
    expect(await publish(path, [at.store as string])).toMatchObject([{ result: 'updated' }]);
    expect(await productsIn(at.store as string)).toMatchObject([
      { id: own.id, name: 'Of the head', stock: 5 },
    ]);
  });

  it('continues with the other stores, in their order, when one is unknown and one is suspended', async () => {
    const { path } = await addProduct({});
    const stores = await openStores(30);
    await suspend(stores[7] as string);
    stores[20] = 'no-such-store';
    const expected = (result: string) => [
      ...stores.map((store, i) =>
        i === 7
          ? {
              store,
              result: 'failed',
              reason: 'The store is suspended and does not accept changes.',
            }
          : i === 20
            ? {
                store,
                result: 'failed',
                reason: 'The store does not exist, or the token does not cover it.',
              }
            : { store, result },
      ),
    ];
    expect(await publish(path, stores)).toEqual(expected('created'));
    expect(await publish(path, stores)).toEqual(expected('unchanged'));
    for (const [i, store] of stores.entries())
      if (i !== 7 && i !== 20) expect(await productsIn(store)).toMatchObject([{ version: 1 }]);
  });

  it('publishes to every active store', async () => {
    const { path } = await addProduct({});
    const [active, suspended] = (await openStores(2)) as [string, string];
    await suspend(suspended);
    const results = await publish(path, '*');
    const stores = results.map(({ store }) => store);
    expect(stores).toEqual([...stores].sort());
    expect(stores).toContain(active);
    expect(stores).not.toContain(suspended);
    expect(new Set(results.map(({ result }) => result))).toEqual(new Set(['created']));
    expect(await productsIn(active)).toHaveLength(1);
  });

  it('reports each store that did not fit in the time as failed', async () => {
    const { path } = await addProduct({});
    const stores = await openStores(3);
    const { status, body } = await call(handler, { path, body: { stores }, timeLeft: 1_800 });
    expect(status).toBe(200);
    const reason =
      'The request timed out before this store was updated. Publish the product again.';
    expect(body.results).toEqual(stores.map((store) => ({ store, result: 'failed', reason })));
    expect(await publish(path, stores)).toMatchObject(stores.map(() => ({ result: 'created' })));
  });

  it('creates one product when many requests publish it and the store creates it at the same time', async () => {
    const { product, path } = await addProduct({});
    const store = await openStore();
    const [added, ...answers] = await Promise.all([
      call(createProduct, { path: { store }, body: aProduct({ sku: product.sku, name: 'Own' }) }),
      ...Array.from({ length: 10 }, () => publish(path, [store])),
    ]);
    expect([201, 409]).toContain(added.status);
    expect(answers.flat().filter(({ result }) => result === 'failed')).toEqual([]);
    expect(await productsIn(store)).toMatchObject([{ sku: product.sku, name: product.name }]);
  });

  it('loses no concurrent change of a store', async () => {
    const { product, path } = await addProduct({});
    const store = await openStore();
    await publish(path, [store]);
    const [copy] = await productsIn(store);
    for (let round = 0; round < 10; round++) {
      await call(updateProduct, { path, body: { name: `Round ${round}` } });
      const at = { path: { store, product: copy.id } };
      await Promise.all([
        publish(path, [store]),
        ...Array.from({ length: 5 }, (_, i) =>
          call(updateProduct, { ...at, body: { stock: round * 10 + i } }),
        ),
      ]);
      const [now] = await productsIn(store);
      expect(now).toMatchObject({ sku: product.sku, name: `Round ${round}` });
      expect(now.stock).toBeGreaterThanOrEqual(round * 10);
    }
  });

  it('returns the first response for a repeated key', async () => {
    const { path } = await addProduct({});
    const store = await openStore();
    const headers = { 'idempotency-key': `publish-${store}` };
    const first = await publish(path, [store], headers);
    expect(first).toEqual([{ store, result: 'created' }]);
    expect(await publish(path, [store], headers)).toEqual(first);
    expect(await publish(path, [store])).toEqual([{ store, result: 'unchanged' }]);
  });

  it('answers 404 for a product that is not in the head catalog', async () => {
    const store = await openStore();
    const [product] = await addProducts({ store }, [{}]);
    const path = { product: product?.id as string };
    expect(await call(handler, { path, body: { stores: [store] } })).toMatchObject({ status: 404 });
  });

  it.each([
    ['no store at all', { stores: [] }, '/stores'],
    ['a store named twice', { stores: ['acme', 'acme'] }, '/stores'],
    ['an id that no store can have', { stores: ['acme', '../admin'] }, '/stores/1'],
    ['another word', { stores: 'all' }, '/stores'],
    [
      'more than 1000 stores',
      { stores: Array.from({ length: 1_001 }, (_, i) => `s${i}`) },
      '/stores',
    ],
    ['no list', {}, '/stores'],
    ['an unknown member', { stores: '*', price: 1 }, '/price'],
  ])('rejects %s with 400', async (_, body, pointer) => {
    const { path } = await addProduct({});
    const answer = await call(handler, { path, body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ in: 'body', pointer }]);
  });
});
