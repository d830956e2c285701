import { describe, expect, it } from '@jest/globals';
import { archiveOn } from '#lib/archive/record.ts';
import { leaseStore, primary, secondary } from '#lib/connections.ts';
import { productsOn } from '#lib/products/record.ts';
import { handler as closeStore } from '../../functions/close-store.ts';
import { handler as getArchived } from '../../functions/get-archived-product.ts';
import { handler as getStore } from '../../functions/get-store.ts';
import { heal, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { addManyProducts, addProduct, openStore, placeOf } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';
import { nextCommand, sampleOf } from '../support/length.ts';
import type { Fate, WireProxy } from '../support/wire-proxy.ts';

/** Makes `proxy` cut the socket of every command from the n-th on, counted from one. */
function cutFrom(proxy: WireProxy, n: number, fate: Fate): void {
  let count = 0;
  proxy.decide = () => (++count >= n ? fate : 'pass');
}

/** Counts the products of a store and its archive, each once. */
async function productsOf(store: string): Promise<number> {
  using lease = await leaseStore(placeOf(store));
  const here = await productsOn(lease.connection).find({}, { _id: 1 }).lean();
  const there = await archiveOn(await secondary())
    .find({ store }, { _id: 1 })
    .lean();
  return new Set([...here, ...there].map(({ _id }) => String(_id))).size;
}

const ADDED = 600;

/** Closes a store while `proxy` fails from its n-th command on, and again with both servers available. */
async function closeThroughFault(proxy: WireProxy, n: number, fate: Fate) {
  await heal();
  const store = await openStore();
  const { product, path } = await addProduct({ store });
  await addManyProducts(store, ADDED);
  cutFrom(proxy, n, fate);
  const first = await call(closeStore, { path: { store }, timeLeft: 10_000 });
  await heal();
  if (first.status !== 200) {
    // 202 means that its time ran out first. Either way, the client calls again.
    expect([202, 503]).toContain(first.status);
    expect(await productsOf(store)).toBe(ADDED + 1);
  }

  expect(await call(closeStore, { path: { store } })).toMatchObject({
    status: 200,
    body: { status: 'closed', archived: ADDED + 1, remaining: 0 },
  });
  expect(await productsOf(store)).toBe(ADDED + 1);
  expect((await call(getArchived, { path })).body).toMatchObject(product);
  expect((await call(getStore, { path: { store } })).body.status).toBe('closed');
  const { databases } = await (await primary()).listDatabases();
  expect(databases.map(({ name }) => name)).not.toContain(`store_${store}`);
  return first.status;
}

const faults: [string, Fate, WireProxy][] = [
  ['primary', 'cut before', primaryProxy],
  ['primary', 'cut after', primaryProxy],
  ['secondary', 'cut before', secondaryProxy],
  ['secondary', 'cut after', secondaryProxy],
];

describe('closing a store', () => {
  it.each(sampleOf(faults, 2))(
    'neither loses nor duplicates a product, whichever command to the %s is %s it runs',
    async (_, fate, proxy) => {
      const statuses: number[] = [];
      for (let n = 1; statuses.at(-1) !== 200; n = nextCommand(n))
        statuses.push(await closeThroughFault(proxy, n, fate));
      // Only the last round completed: its fault came after the last command. All others were interrupted.
      expect(statuses.length).toBeGreaterThan(3);
    },
    60_000,
  );
});
