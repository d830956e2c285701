import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { leaseCluster, leaseStore } from '#lib/connections.ts';
import { idempotencyOn } from '#lib/idempotency/record.ts';
import { productsOn } from '#lib/products/record.ts';
import { transfersOn } from '#lib/products/transfer-record.ts';
import { Registry } from '#lib/stores/record.ts';
import { handler as ingestArchive } from '../../functions/ingest-archive.ts';
import { handler } from '../../functions/roll-out-indexes.ts';
import { heal, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { openStore, placeOf } from '../support/catalog.ts';
import { call, invoke } from '../support/gateway.ts';
import { nextCommand } from '../support/length.ts';
import { closeDirect, direct, registry } from '../support/mirror.ts';

afterEach(heal);
afterAll(closeDirect);

/** The driver's collection of a store's products. */
async function productsOf(store: string) {
  using lease = await leaseStore(placeOf(store));
  return productsOn(lease.connection).collection;
}

/** Creates a store without the `idempotency` collection, like stores that are older than Idempotency-Keys. */
async function openOldStore(): Promise<string> {
  const store = await openStore();
  using lease = await leaseStore(placeOf(store));
  await idempotencyOn(lease.connection).collection.drop();
  return store;
}

/** Rolls out to one store, and returns its differences: undefined if there are none. */
async function rollOut(store: string, input: object) {
  const { places } = await invoke(handler, { ...input, after: before(store), limit: 1 });
  return places[0];
}

/** An id that sorts just before a store's id, which ends with a digit. */
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
  it('plans missing and surplus indexes, and changes nothing', async () => {
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

  it('creates missing indexes, and drops surplus ones only with `drop`', async () => {
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

  it('creates all indexes in a store without collections', async () => {
    const store = await openOldStore();
    await (await productsOf(store)).drop();
    expect((await rollOut(store, plan)).create).toEqual([...all, ofKeys]);
    expect((await rollOut(store, apply)).create).toEqual([...all, ofKeys]);
    expect(await rollOut(store, plan)).toBeUndefined();
  });

  it('replaces an index whose options differ only with `drop`', async () => {
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

  it('reports duplicate values of a unique index, and keeps the existing indexes', async () => {
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

  it('checks the two servers and all stores, and counts those that need no change', async () => {
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

  it('creates the indexes of the transfers on each other cluster', async () => {
    using lease = await leaseCluster('eu-1');
    const transfers = transfersOn(lease.connection).collection;
    await transfers.drop();
    const of = async (input: object) => {
      const { places } = await invoke(handler, input);
      return places.find(({ place }: { place: string }) => place === 'eu-1');
    };
    const create = ['transfers.from_1_createdAt_-1', 'transfers.to_1_createdAt_-1'];
    expect(await of(plan)).toMatchObject({ create, result: 'planned' });
    expect(await of(apply)).toMatchObject({ create, result: 'done' });
    expect(await transfers.indexes()).toHaveLength(3);
    expect(await of(apply)).toBeUndefined();
  });

  it('skips stores that are closing or closed', async () => {
    for (const status of ['closing', 'closed']) {
      const store = await openOldStore();
      await (await productsOf(store)).drop();
      await Registry.updateOne({ _id: store }, { status });
      const { places } = await invoke(handler, apply);
      expect(JSON.stringify(places)).not.toContain(store);
      expect(await (await productsOf(store)).indexes().catch(() => [])).toEqual([]);
    }
  });

  it('does not create the database again of a store that is closed during the run', async () => {
    const store = await openOldStore();
    await (await productsOf(store)).drop();
    let isClosed = false;
    const close = async () => {
      await registry().updateOne({ _id: store }, { $set: { status: 'closed' } });
      isClosed = true;
      // The driver retries a command without a response.
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

  it('continues after the last store that it completed, until all are done', async () => {
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

  it('updates the stores while the secondary is unavailable', async () => {
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
  ])('rejects the input %j', async (input) => {
    await expect(invoke(handler, input)).rejects.toThrow(
      "The input does not match this task's schema",
    );
  });
});

describe.each(['cut before', 'cut after'] as const)(
  'while sockets are %s a command runs',
  (fate) => {
    it('can be applied again, whichever command it is', async () => {
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
      while (!(await isWholeIn(n))) n = nextCommand(n);
      expect(n).toBeGreaterThan(3);
    }, 120_000);
  },
);
