import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler as syncMirror } from '../../functions/sync-mirror.ts';
import { handler as updateProduct } from '../../functions/update-product.ts';
import { heal, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { addProducts, openStore } from '../support/catalog.ts';
import { call, invoke } from '../support/gateway.ts';
import { nextCommand, sampleOf } from '../support/length.ts';
import {
  addAlike,
  age,
  changeMarks,
  closeDirect,
  expectMirrorOf,
  mirrored,
  productsOf,
  registry,
  settle,
  watermarks,
} from '../support/mirror.ts';
import { run } from '../support/settings.ts';
import type { Fate, WireProxy } from '../support/wire-proxy.ts';

afterAll(closeDirect);
beforeEach(heal);

const sync = (stores: string[]) => invoke(syncMirror, { stores }, { timeLeft: 25_000 });

/** Opens two stores and syncs them; then changes one product of each, archives one and adds one. */
async function changedStores(): Promise<string[]> {
  await heal();
  const stores = [await openStore(), await openStore()];
  const before = new Map<string, string[]>();
  for (const store of stores) {
    const products = await addProducts({ store }, [{}, {}, {}]);
    before.set(
      store,
      products.map(({ id }) => id),
    );
  }
  await sync(stores);
  for (const [store, [changed = '', archived = '']] of before) {
    const path = { store, product: changed };
    expect(await call(updateProduct, { path, body: { name: 'X' } })).toMatchObject({ status: 200 });
    await call(archiveProduct, { path: { store, product: archived } });
    await addProducts({ store }, [{}]);
  }
  return stores;
}

const faults: [string, Fate, WireProxy][] = [
  ['primary', 'cut before', primaryProxy],
  ['primary', 'cut after', primaryProxy],
  ['secondary', 'cut before', secondaryProxy],
  ['secondary', 'cut after', secondaryProxy],
];

describe.each(sampleOf(faults, 2))(
  'a sync, commands of which to the %s are %s they run',
  (_, fate, proxy) => {
    it('is completed by the next one when it is all commands from the n-th on', async () => {
      let failures = 0;
      for (let n = 1, isWhole = false; !isWhole; n = nextCommand(n)) {
        const stores = await changedStores();
        let count = 0;
        proxy.decide = () => (++count >= n ? fate : 'pass');
        const result = await sync(stores).catch((error) => error);
        await heal();
        isWhole = count < n;
        if (isWhole) expect(result).toMatchObject({ stores: 2, failed: 0 });
        else failures += 1;
        expect(await sync(stores)).toMatchObject({ stores: 2, failed: 0, remaining: 0 });
        await expectMirrorOf(stores);
      }
      expect(failures).toBeGreaterThan(2);
    }, 120_000);

    it('neither loses nor duplicates a product when it is every fifth command', async () => {
      const stores = await changedStores();
      await addAlike(stores[0] as string, 1_100);
      let count = 0;
      proxy.decide = () => (++count % 5 === 0 ? fate : 'pass');
      for (let done = 0; done < 2; ) {
        const result = await sync(stores).catch(() => ({ stores: 0 }));
        done = result.stores;
      }
      await heal();
      await sync(stores);
      await expectMirrorOf(stores);
    }, 120_000);
  },
);

it('syncs the other stores when the database of one fails', async () => {
  const stores = await changedStores();
  const [broken = '', whole = ''] = stores;
  primaryProxy.decide = ({ database }) => (database === `store_${broken}` ? 'cut before' : 'pass');
  expect(await sync(stores)).toMatchObject({
    stores: 1,
    failed: 1,
    failures: [{ store: broken, reason: "The store's database is not responding." }],
  });
  await expectMirrorOf([whole]);
  await heal();
  expect(await sync(stores)).toMatchObject({ stores: 2, failed: 0 });
  await expectMirrorOf(stores);
});

it.each(
  sampleOf<[string, WireProxy]>(
    [
      ['secondary', secondaryProxy],
      ['primary', primaryProxy],
    ],
    1,
  ),
)(
  'fails as a whole when the %s is unavailable',
  async (_, proxy) => {
    const stores = await changedStores();
    const before = await mirrored('products').find().toArray();
    await proxy.shut();
    await expect(sync(stores)).rejects.toMatchObject({ status: 503 });
    expect(await mirrored('products').find().toArray()).toEqual(before);
    await heal();
    await sync(stores);
    await expectMirrorOf(stores);
  },
  60_000,
);

it('fails as a whole when the secondary becomes unavailable during a sync', async () => {
  const stores = await changedStores();
  secondaryProxy.decide = ({ name }) => {
    if (name === 'update') void secondaryProxy.shut();
    return name === 'update' ? 'cut before' : 'pass';
  };
  await expect(sync(stores)).rejects.toMatchObject({ status: 503 });
  await heal();
  await sync(stores);
  await expectMirrorOf(stores);
}, 60_000);

it('runs one query on each server and one write for an unchanged store', async () => {
  const stores = await changedStores();
  await sync(stores);
  for (const store of stores) await age(store, 3_600_000);
  await sync(stores);
  for (const { commands } of [primaryProxy, secondaryProxy]) commands.splice(0);
  await sync(stores);
  const asked = ({ commands }: WireProxy) => commands.map(({ name }) => name).sort();
  // The registry and the watermarks are read with one query each, for all stores.
  expect(asked(primaryProxy)).toEqual(['find', 'find', 'find']);
  expect(asked(secondaryProxy)).toEqual(['find', 'find', 'find', 'update', 'update']);
});

describe('a sync of all stores', () => {
  const syncAll = () => invoke(syncMirror);
  const hourAgo = new Date(Date.now() - 3_600_000);
  /** Opens a store with a product that was synced, and that no container has marked. */
  async function settledStore() {
    const store = await openStore();
    await addAlike(store, 1, () => ({ updatedAt: hourAgo }));
    await settle([store]);
    const product = String((await productsOf(store).findOne())?._id);
    const rename = (name: string) =>
      call(updateProduct, { path: { store, product }, body: { name } });
    return { store, rename };
  }
  /** Runs something, and returns how many commands both servers received. */
  async function commandsOf(work: () => Promise<unknown>): Promise<number> {
    const both = [primaryProxy, secondaryProxy];
    for (const { commands } of both) commands.splice(0);
    await work();
    return both.reduce((sum, { commands }) => sum + commands.length, 0);
  }

  it('sends about as many commands for 100 stores of which 10 changed as for these 10', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => `many-${run}-${n}`);
    const entry = { ...(await registry().findOne({ _id: await openStore() })), updatedAt: hourAgo };
    await registry().insertMany(ids.map((_id) => ({ ...entry, _id })));
    // Those of the other tests are new, or have marks.
    await settle((await registry().find().toArray()).map(({ _id }) => _id));
    const some = ids.slice(0, 10);
    const change = () => Promise.all(some.map((store) => addProducts({ store }, [{}])));
    await change();
    const alone = await commandsOf(() => sync(some));
    await change();
    let result: Record<string, number> = {};
    const all = await commandsOf(async () => {
      result = await syncAll();
    });
    expect(result).toMatchObject({ copied: 10, failed: 0, remaining: 0 });
    expect(result.stores).toBeGreaterThanOrEqual(100);
    // A few others may be due for their hourly check, which is one query each.
    const checks = Number(result.checked) - 10;
    expect(checks).toBeLessThan(30);
    expect(all - alone).toBeLessThan(checks + 10);
    await expectMirrorOf(ids);
  });

  it('copies a change that follows within a minute after a sync has seen the mark', async () => {
    const { store, rename } = await settledStore();
    expect(await rename('First')).toMatchObject({ status: 200 });
    await syncAll();
    await expectMirrorOf([store]);
    const mark = await changeMarks().findOne({ _id: store });
    expect(await rename('Second')).toMatchObject({ status: 200 });
    expect(await changeMarks().findOne({ _id: store })).toEqual(mark);
    await syncAll();
    await expectMirrorOf([store]);
  });

  it('no longer queries a store two minutes after its mark, and keeps it up to date', async () => {
    const { store, rename } = await settledStore();
    await rename('X');
    await syncAll();
    await changeMarks().updateOne({ _id: store }, { $set: { at: hourAgo } });
    await settle([store]);
    const before = await watermarks().findOne({ _id: store });
    await mirrored('products').deleteMany({ 'store.id': store });
    await syncAll();
    expect(await mirrored('products').countDocuments({ 'store.id': store })).toBe(0);
    const after = await watermarks().findOne({ _id: store });
    expect(after?.syncedAt.getTime()).toBeGreaterThan(before?.syncedAt.getTime());
  });

  it('is not disturbed by a mark whose change was never written (503)', async () => {
    const { store, rename } = await settledStore();
    primaryProxy.decide = ({ database }) => (database === `store_${store}` ? 'cut before' : 'pass');
    expect(await rename('Lost')).toMatchObject({ status: 503 });
    await heal();
    expect(await changeMarks().findOne({ _id: store })).not.toBeNull();
    expect(await syncAll()).toMatchObject({ failed: 0, remaining: 0 });
    expect(await rename('Written')).toMatchObject({ status: 200 });
    await syncAll();
    await expectMirrorOf([store]);
  });

  it.each(['cut before', 'cut after'] as Fate[])(
    'finds a change whose mark was %s it was written, and sent again',
    async (fate) => {
      const { store, rename } = await settledStore();
      let isFirst = true;
      primaryProxy.decide = ({ name }) => {
        if (name !== 'update' || !isFirst) return 'pass';
        isFirst = false;
        return fate;
      };
      expect(await rename('X')).toMatchObject({ status: 200 });
      expect(isFirst).toBe(false);
      await heal();
      await syncAll();
      await expectMirrorOf([store]);
    },
  );

  it('finds a change or an archived product without a mark within an hour', async () => {
    const [{ store }, other] = [await settledStore(), await settledStore()];
    await productsOf(store).updateOne(
      {},
      { $set: { updatedAt: new Date() }, $inc: { version: 1 } },
    );
    const archived = await productsOf(other.store).findOne();
    await call(archiveProduct, { path: { store: other.store, product: String(archived?._id) } });
    await changeMarks().deleteMany({ _id: other.store });
    await syncAll();
    const stores = [store, other.store];
    await expect(expectMirrorOf(stores)).rejects.toThrow();
    const through = { 'products.through': hourAgo, 'archive.through': hourAgo };
    await watermarks().updateMany({ _id: { $in: stores } }, { $set: through });
    expect(await syncAll()).toMatchObject({ copied: 1, removed: 1 });
    await expectMirrorOf(stores);
  });

  it('queries each store whose marks are ahead of the clock, or whose last sync is', async () => {
    const stores = [(await settledStore()).store, (await settledStore()).store];
    await changeMarks().insertOne({
      _id: stores[0] as string,
      at: new Date(Date.now() + 3_600_000),
    });
    const ahead = { 'products.through': new Date(Date.now() + 60_000) };
    await watermarks().updateOne({ _id: stores[1] as string }, { $set: ahead });
    for (const store of stores)
      await productsOf(store).updateOne(
        {},
        { $set: { updatedAt: new Date() }, $inc: { version: 1 } },
      );
    await syncAll();
    await expectMirrorOf(stores);
  });

  it('queries every store while the marks cannot be read', async () => {
    const { store } = await settledStore();
    await productsOf(store).updateOne(
      {},
      { $set: { updatedAt: new Date() }, $inc: { version: 1 } },
    );
    let finds = 0;
    const own = new URL(primaryProxy.uri).pathname.slice(1);
    // The registry is read first, then the marks; both twice, because a query is retried.
    primaryProxy.decide = ({ name, database }) =>
      name === 'find' && database === own && [2, 3].includes(++finds) ? 'cut before' : 'pass';
    await syncAll();
    primaryProxy.decide = () => 'pass';
    await expectMirrorOf([store]);
  });
});
