import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler as syncMirror } from '../../functions/sync-mirror.ts';
import { handler as updateProduct } from '../../functions/update-product.ts';
import { heal, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { addProducts, openStore } from '../support/catalog.ts';
import { call, invoke } from '../support/gateway.ts';
import { nextCommand } from '../support/length.ts';
import { addAlike, age, closeDirect, expectMirrorOf, mirrored } from '../support/mirror.ts';
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

describe.each([
  ['primary', primaryProxy],
  ['secondary', secondaryProxy],
] as [string, WireProxy][])('a sync while the %s fails', (_, proxy) => {
  it.each(['cut before', 'cut after'] as Fate[])(
    'is completed by the next one when all commands from the n-th on are %s they run',
    async (fate) => {
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
    },
    120_000,
  );

  it.each(['cut before', 'cut after'] as Fate[])(
    'neither loses nor duplicates a product when every fifth command is %s it runs',
    async (fate) => {
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
    },
    120_000,
  );
});

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

it.each([
  ['secondary', secondaryProxy],
  ['primary', primaryProxy],
] as [string, WireProxy][])(
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
