import { afterAll, describe, expect, it } from '@jest/globals';
import { syncStores } from '#lib/mirror/sync.ts';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler } from '../../functions/sync-mirror.ts';
import { handler as updateProduct } from '../../functions/update-product.ts';
import { addProduct, addProducts, openStore } from '../support/catalog.ts';
import { call, invoke } from '../support/gateway.ts';
import {
  addAlike,
  age,
  closeDirect,
  direct,
  expectMirrorOf,
  mirrored,
  productsOf,
  registry,
  watermarks,
} from '../support/mirror.ts';

afterAll(closeDirect);

const MINUTE = 60_000;
const sync = (...stores: string[]) => invoke(handler, { stores });
/** Runs the task with time for this number of steps. */
const syncFor = (steps: number, ...stores: string[]) => {
  let left = steps;
  const { signal } = new AbortController();
  return syncStores({ stores }, { signal, hasTime: () => left-- > 0 });
};
const setStore = (store: string, changes: object) =>
  registry().updateOne({ _id: store }, { $set: { updatedAt: new Date(), ...changes } });

describe('sync-mirror', () => {
  it('copies the products of every store, with their store', async () => {
    const stores = [await openStore(), await openStore(), await openStore()];
    await addProducts({ store: stores[0] as string }, [{}, {}]);
    const { product } = await addProduct({ store: stores[1] as string });
    await addProduct({});
    const result = await invoke(handler);
    expect(result).toMatchObject({ copied: 3, removed: 0, failed: 0, remaining: 0, failures: [] });
    await expectMirrorOf(stores);
    const { store } = product;
    expect(await mirrored('products').findOne({ sku: product.sku })).toMatchObject({ store });
    expect(await mirrored('products').countDocuments({ store: { $exists: false } })).toBe(0);
  });

  it('copies only what changed since the last sync', async () => {
    const store = await openStore();
    const { path } = await addProduct({ store });
    await addProducts({ store }, [{}, {}]);
    expect(await sync(store)).toMatchObject({ stores: 1, copied: 3 });
    await call(updateProduct, { path, body: { name: 'Second' } });
    expect(await sync(store)).toMatchObject({ copied: 1 });
    expect(await sync(store)).toMatchObject({ copied: 0 });
    await expectMirrorOf([store]);
  });

  it('returns how old the mirror was before a run for all stores', async () => {
    const store = await openStore();
    await sync(store);
    expect(await sync(store)).not.toHaveProperty('lagSeconds');
    const syncedAt = new Date(Date.now() - 3_600 * MINUTE);
    await watermarks().updateOne({ _id: store }, { $set: { syncedAt } });
    const { lagSeconds = 0 } = await invoke(handler);
    expect(lagSeconds).toBeGreaterThan(3_599 * 60);
    const after = await invoke(handler);
    expect(after.lagSeconds).toBeLessThan(3_600);
  });

  it('removes archived products from the mirror, and does not add them again', async () => {
    const store = await openStore();
    const { path } = await addProduct({ store });
    await addProduct({ store });
    await sync(store);
    await call(archiveProduct, { path });
    expect(await sync(store)).toMatchObject({ removed: 1 });
    expect(await sync(store)).toMatchObject({ copied: 0, removed: 0 });
    await expectMirrorOf([store]);
  });

  it('keeps a product whose archiving was interrupted, until it is archived', async () => {
    const store = await openStore();
    const { path, product } = await addProduct({ store });
    const before = await productsOf(store).findOne({ sku: product.sku });
    await sync(store);
    await call(archiveProduct, { path });
    await productsOf(store).insertOne(before as NonNullable<typeof before>);
    expect(await sync(store)).toMatchObject({ removed: 0 });
    await age(store, 60 * MINUTE);
    await sync(store);
    await expectMirrorOf([store]);
    expect(await call(archiveProduct, { path })).toMatchObject({ status: 204 });
    expect(await sync(store)).toMatchObject({ removed: 1 });
    await expectMirrorOf([store]);
  });

  it('finds a change that is dated before the last sync but was committed after it', async () => {
    const store = await openStore();
    await addProduct({ store });
    await sync(store);
    await addAlike(store, 1, () => ({ updatedAt: new Date(Date.now() - MINUTE) }));
    expect(await sync(store)).toMatchObject({ copied: 1 });
    await expectMirrorOf([store]);
  });

  it('no longer reads thousands of products that were imported at once, when they are synced', async () => {
    const store = await openStore();
    await addAlike(store, 1_100);
    expect(await sync(store)).toMatchObject({ copied: 1_100 });
    await expectMirrorOf([store]);
    await age(store, 5 * MINUTE);
    await sync(store);
    const trails = await watermarks().findOne({ _id: store });
    expect(trails).toMatchObject({ products: { walk: null }, archive: { walk: null } });
    // Far in the past, so that only a run that reads it notices.
    await mirrored('products').deleteMany({ 'store.id': store });
    expect(await sync(store)).toMatchObject({ copied: 0 });
  });

  it('stops between pages when its time is nearly up, and continues there', async () => {
    const store = await openStore();
    await addAlike(store, 2_010);
    // One step starts the store, and none is left for a second page.
    const first = await syncFor(1, store);
    expect(first).toMatchObject({ stores: 0, copied: 1_000, remaining: 1 });
    expect(await syncFor(1, store)).toMatchObject({ copied: 1_000, remaining: 1 });
    expect(await syncFor(1, store)).toMatchObject({ stores: 1, copied: 10, remaining: 0 });
    await expectMirrorOf([store]);
  });

  it('does nothing when it has no time for a step, and returns what remains', async () => {
    const store = await openStore();
    await addProduct({ store });
    const result = await invoke(handler, { stores: [store] }, { timeLeft: 10_000 });
    expect(result).toMatchObject({ stores: 0, copied: 0, remaining: 1 });
  });

  it('syncs the least recently synced stores first', async () => {
    const stores = [await openStore(), await openStore(), await openStore()];
    await sync(stores[0] as string);
    await sync(stores[2] as string);
    expect(await syncFor(1, ...stores)).toMatchObject({ stores: 1, remaining: 2 });
    expect(await watermarks().countDocuments({ _id: { $in: stores } })).toBe(3);
    await addProduct({ store: stores[0] as string });
    expect(await syncFor(1, ...stores)).toMatchObject({ stores: 1, copied: 1, remaining: 2 });
  });

  it("updates the store's name in mirrored products", async () => {
    const store = await openStore();
    await addProducts({ store }, [{}, {}]);
    await sync(store);
    await setStore(store, { name: 'Another Name' });
    expect(await sync(store)).toMatchObject({ copied: 0 });
    await expectMirrorOf([store]);
  });

  it.each(['suspended', 'closing'])('continues to sync a store that is %s', async (status) => {
    const store = await openStore();
    await addProduct({ store });
    await setStore(store, { status });
    expect(await sync(store)).toMatchObject({ stores: 1, copied: 1 });
    await expectMirrorOf([store]);
  });

  it('removes a closed store from the mirror, and then no longer checks it', async () => {
    const store = await openStore();
    await addAlike(store, 1_500);
    await sync(store);
    await direct.primary.db(`store_${store}`).dropDatabase();
    await setStore(store, { status: 'closed' });
    expect(await sync(store)).toMatchObject({ stores: 1, removed: 1_500 });
    await expectMirrorOf([store]);
    // An earlier run could still write, so the store is checked for a while.
    expect(await sync(store)).toMatchObject({ stores: 1, removed: 0 });
    await setStore(store, { updatedAt: new Date(Date.now() - 60 * MINUTE) });
    expect(await sync(store)).toMatchObject({ stores: 1, removed: 0 });
    expect(await sync(store)).toMatchObject({ stores: 0, remaining: 0, failed: 0 });
  });

  it('never replaces a newer version', async () => {
    const store = await openStore();
    const { product } = await addProduct({ store });
    await sync(store);
    const newer = { $set: { version: 9, name: 'Newer' } };
    await mirrored('products').updateOne({ sku: product.sku }, newer);
    await productsOf(store).updateOne({}, { $set: { version: 2, updatedAt: new Date() } });
    expect(await sync(store)).toMatchObject({ copied: 0 });
    expect(await mirrored('products').findOne({ sku: product.sku })).toMatchObject({ version: 9 });
  });

  it('is correct when two runs are concurrent', async () => {
    const store = await openStore();
    await addAlike(store, 1_100);
    const results = await Promise.all(Array.from({ length: 4 }, () => sync(store)));
    for (const { failed } of results) expect(failed).toBe(0);
    await sync(store);
    await expectMirrorOf([store]);
  });

  it('repairs missing and surplus products with a full sync', async () => {
    const store = await openStore();
    const { path, product } = await addProduct({ store });
    await addProducts({ store }, [{}, {}]);
    await sync(store);
    const copy = await mirrored('products').findOne({ sku: product.sku });
    await call(archiveProduct, { path });
    await sync(store);
    await age(store, 60 * MINUTE);
    await mirrored('products').deleteOne({ 'store.id': store });
    await mirrored('products').insertOne(copy as NonNullable<typeof copy>);
    await invoke(handler, { stores: [store], from: 'start' });
    await expectMirrorOf([store]);
  });

  it('ignores the watermarks of an earlier run after a full sync has begun', async () => {
    const store = await openStore();
    await addAlike(store, 1_100);
    let steps = 0;
    const { signal } = new AbortController();
    const hasTime = () => {
      steps += 1;
      return true;
    };
    const old = syncStores({ stores: [store] }, { signal, hasTime });
    while (steps < 2) await new Promise((resolve) => setImmediate(resolve));
    await watermarks().updateOne(
      { _id: store },
      { $inc: { generation: 1 }, $unset: { products: 1, archive: 1 } },
    );
    expect(await old).toMatchObject({ stores: 0, remaining: 1, failed: 0 });
    await sync(store);
    await expectMirrorOf([store]);
  });

  it('reports unknown stores, and rejects unknown members of the input', async () => {
    expect(await sync('never-opened')).toMatchObject({
      failed: 1,
      failures: [{ store: 'never-opened', reason: 'The store does not exist.' }],
    });
    await expect(invoke(handler, { store: 'x' })).rejects.toThrow('/store is not recognized');
    await expect(invoke(handler, { from: 'here' })).rejects.toThrow('/from');
  });
});
