import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { leaseStore } from '#lib/connections.ts';
import { idempotencyOn } from '#lib/idempotency/record.ts';
import { productsOn } from '#lib/products/record.ts';
import type { AdmittedStoreId } from '#lib/store-id.ts';
import { Registry } from '#lib/stores/record.ts';
import { handler as ingestArchive } from '../../functions/ingest-archive.ts';
import { handler } from '../../functions/roll-out-indexes.ts';
import { heal, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { openStore } from '../support/catalog.ts';
import { call, invoke } from '../support/gateway.ts';
import { closeDirect, direct, registry } from '../support/mirror.ts';

afterEach(heal);
afterAll(closeDirect);

/** The products of a store, as the driver has them. */
async function productsOf(store: string) {
  using lease = await leaseStore(store as AdmittedStoreId);
  return productsOn(lease.connection).collection;
}

/** Opens a store as it was before there were Idempotency-Keys. */
async function openOldStore(): Promise<string> {
  const store = await openStore();
  using lease = await leaseStore(store as AdmittedStoreId);
  await idempotencyOn(lease.connection).collection.drop();
  return store;
}

/** Rolls out to one store, and gives what is said of it: undefined if it needs nothing. */
async function rollOut(store: string, input: object) {
  const { places } = await invoke(handler, { ...input, after: before(store), limit: 1 });
  return places[0];
}

/** An id that stands just before a store's, which ends with a digit. */
const before = (store: string) => {
  const [start, digit] = [store.slice(0, -1), Number(store.at(-1))];
  return digit === 0 ? start : `${start}${digit - 1}z`;
};

const apply = { mode: 'apply' };
const plan = { mode: 'plan' };

const all = [
  ...['sku_1 (unique)', 'terms_1', 'name_1__id_1', 'price.amount_1__id_1', 'createdAt_1__id_1'],
  ...['updatedAt_1__id_1', 'category_1_createdAt_1__id_1', 'tags_1_createdAt_1__id_1'],
].map((name) => `products.${name}`);
const ofKeys = 'idempotency.expiresAt_1 (expires after 0 s)';

describe('roll-out-indexes', () => {
  it('plans what a store lacks and has too many, and changes nothing', async () => {
    const store = await openOldStore();
    const products = await productsOf(store);
    await products.dropIndex('terms_1');
    await products.createIndex({ old: 1 }, { sparse: true });
    const planned = {
      place: `store_${store}`,
      create: ['products.terms_1', ofKeys],
      drop: ['products.old_1 (sparse)'],
      result: 'planned',
    };
    expect(await rollOut(store, plan)).toEqual(planned);
    expect(await rollOut(store, { ...plan, drop: true })).toEqual(planned);
  });

  it('makes what is lacking, and leaves what is too much unless it may be dropped', async () => {
    const store = await openOldStore();
    const products = await productsOf(store);
    await products.dropIndex('terms_1');
    await products.createIndex({ old: 1 });
    const result = { place: `store_${store}`, result: 'done' };
    const create = ['products.terms_1', ofKeys];
    expect(await rollOut(store, apply)).toEqual({ ...result, create, drop: [] });
    expect(await rollOut(store, apply)).toBeUndefined();
    expect(await rollOut(store, { ...apply, drop: true })).toEqual({
      ...result,
      create: [],
      drop: ['products.old_1'],
    });
    expect(await rollOut(store, plan)).toBeUndefined();
  });

  it('makes everything in a store whose collections were never made', async () => {
    const store = await openOldStore();
    await (await productsOf(store)).drop();
    expect((await rollOut(store, plan)).create).toEqual([...all, ofKeys]);
    expect((await rollOut(store, apply)).create).toEqual([...all, ofKeys]);
    expect(await rollOut(store, plan)).toBeUndefined();
  });

  it('replaces an index whose options are others only if it may drop it', async () => {
    const store = await openOldStore();
    const products = await productsOf(store);
    await products.dropIndex('sku_1');
    await products.createIndex({ sku: 1 });
    const [lacking, surplus] = ['products.sku_1 (unique)', 'products.sku_1'];
    expect(await rollOut(store, apply)).toMatchObject({
      result: 'failed',
      create: [ofKeys],
      drop: [],
      reason: expect.stringContaining(lacking),
    });
    const replaced = { result: 'done', create: [lacking], drop: [surplus] };
    expect(await rollOut(store, { ...apply, drop: true })).toMatchObject(replaced);
    expect(await rollOut(store, plan)).toBeUndefined();
  });

  it('says which fields are the same where they should not be, and leaves the indexes that serve', async () => {
    const store = await openOldStore();
    const products = await productsOf(store);
    await products.dropIndex('sku_1');
    await products.createIndex({ sku: 1 });
    await products.createIndex({ old: 1 });
    await products.dropIndex('terms_1');
    await products.insertMany([{ sku: 'A' }, { sku: 'A' }]);
    expect(await rollOut(store, { ...apply, drop: true })).toEqual({
      place: `store_${store}`,
      result: 'failed',
      create: ['products.terms_1', ofKeys],
      drop: [],
      reason: 'products.sku_1 (unique): documents have duplicate values for sku',
    });
    const names = (await products.indexes()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['sku_1', 'old_1', 'terms_1']));
  });

  it('goes through the two servers and all stores, and counts those that need nothing', async () => {
    const stores = [await openOldStore(), await openOldStore(), await openOldStore()];
    const store = stores[0] as string;
    await call(ingestArchive, { path: { store }, body: { n: 1 } });
    const { places, next, total, checked } = await invoke(handler, apply);
    expect([next, checked]).toEqual([null, total]);
    const names = places.map(({ place }: { place: string }) => place);
    expect(names).toEqual(
      expect.arrayContaining(['primary', ...stores.map((id) => `store_${id}`)]),
    );
    expect(await invoke(handler, { ...plan, drop: true })).toMatchObject({
      checked,
      failed: 0,
    });
  });

  it('leaves out stores that are closed, or about to be', async () => {
    for (const status of ['closing', 'closed']) {
      const store = await openOldStore();
      await (await productsOf(store)).drop();
      await Registry.updateOne({ _id: store }, { status });
      const { places } = await invoke(handler, apply);
      expect(JSON.stringify(places)).not.toContain(store);
      expect(await (await productsOf(store)).indexes().catch(() => [])).toEqual([]);
    }
  });

  it('does not make the database of a store again that is closed while it runs', async () => {
    const store = await openOldStore();
    await (await productsOf(store)).drop();
    let isClosed = false;
    const close = async () => {
      await registry().updateOne({ _id: store }, { $set: { status: 'closed' } });
      isClosed = true;
      // The driver asks again for what it was not told.
      primaryProxy.cut();
    };
    primaryProxy.decide = ({ name, database }) => {
      if (isClosed || name !== 'listIndexes' || database !== `store_${store}`) return 'pass';
      void close();
      return 'hold';
    };
    await rollOut(store, apply);
    expect(isClosed).toBe(true);
    const collections = direct.primary.db(`store_${store}`).listCollections();
    expect(await collections.toArray()).toEqual([]);
  });

  it('goes on behind the store where it stopped, until all are done', async () => {
    for (let n = 0; n < 3; n++) await openOldStore();
    const whole = await invoke(handler, plan);
    for (const how of [{ input: { limit: 1 } }, { input: {}, timeLeft: 9_000 }]) {
      let checked = 0;
      let rounds = 0;
      let after: string | undefined;
      for (;;) {
        const input = { ...plan, ...how.input, ...(after ? { after } : {}) };
        const part = await invoke(handler, input, how);
        checked += part.checked;
        rounds += 1;
        if (part.next === null) break;
        after = part.next;
      }
      expect(checked).toBe(whole.total);
      expect(rounds).toBeGreaterThan(1);
    }
  });

  it('does the stores although the secondary is away', async () => {
    const store = await openOldStore();
    await secondaryProxy.shut();
    const { places, checked, total, next } = await invoke(handler, apply);
    expect([checked, next]).toEqual([total, null]);
    const names = places.map(({ place }: { place: string }) => place);
    expect(names).toContain(`store_${store}`);
    expect(places.find(({ place }: { place: string }) => place === 'secondary')).toMatchObject({
      reason: 'the server is not responding',
    });
  });

  it.each([
    {},
    { mode: 'make' },
    { mode: 'plan', after: 'No Store' },
    { mode: 'plan', limit: 0 },
    { mode: 'apply', force: true },
  ])('refuses %j', async (input) => {
    await expect(invoke(handler, input)).rejects.toThrow(
      "The input does not match this task's schema",
    );
  });
});

describe.each(['cut before', 'cut after'] as const)(
  'while sockets are %s a command runs',
  (fate) => {
    it('can be applied again, whichever command it was', async () => {
      const isWholeIn = async (n: number) => {
        await heal();
        const store = await openOldStore();
        await (await productsOf(store)).dropIndexes();
        let count = 0;
        primaryProxy.decide = () => (++count >= n ? fate : 'pass');
        const first = await rollOut(store, apply).catch((error: Error) => error);
        await heal();
        const again = await rollOut(store, apply);
        expect(again?.result).not.toBe('failed');
        expect(await rollOut(store, plan)).toBeUndefined();
        return !(first instanceof Error) && first?.result === 'done';
      };
      let n = 1;
      while (!(await isWholeIn(n))) n += 1;
      expect(n).toBeGreaterThan(3);
    }, 120_000);
  },
);
