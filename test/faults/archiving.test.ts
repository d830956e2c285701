import { describe, expect, it } from '@jest/globals';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler as getArchived } from '../../functions/get-archived-product.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as listArchive } from '../../functions/list-archive.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler as updateProduct } from '../../functions/update-product.ts';
import { heal, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';
import { nextCommand } from '../support/length.ts';
import type { Fate, WireProxy } from '../support/wire-proxy.ts';

/** Makes `proxy` cut the socket of every command from the n-th on, counted from one. */
function cutFrom(proxy: WireProxy, n: number, fate: Fate): void {
  let count = 0;
  proxy.decide = () => (++count >= n ? fate : 'pass');
}

/** Archives a product while `proxy` fails from its n-th command on, and again with both servers available. */
async function archiveThroughFault(proxy: WireProxy, n: number, fate: Fate) {
  await heal();
  const store = await openStore();
  const { product, path } = await addProduct({ store });
  cutFrom(proxy, n, fate);
  const first = await call(archiveProduct, { path, timeLeft: 3_000 });
  await heal();
  if (first.status !== 204) {
    expect(first.status).toBe(503);
    // Not acknowledged: the product is still in its store or already in the archive, but never missing from both.
    const places = [await call(getProduct, { path }), await call(getArchived, { path })];
    expect(places.map(({ status }) => status)).toContain(200);
  }

  expect(await call(archiveProduct, { path })).toMatchObject({ status: 204 });
  const { body: left } = await call(listProducts, { path: { store } });
  const { body: archived } = await call(listArchive, { path: { store } });
  expect(left.items).toEqual([]);
  expect(archived.items).toMatchObject([product]);
  return first.status;
}

describe.each([
  ['primary', primaryProxy],
  ['secondary', secondaryProxy],
])('archiving while the %s fails', (_, proxy) => {
  it.each(['cut before', 'cut after'] as const)(
    'neither loses nor duplicates a product, whichever command is %s it runs',
    async (fate) => {
      const statuses: number[] = [];
      for (let n = 1; statuses.at(-1) !== 204; n = nextCommand(n))
        statuses.push(await archiveThroughFault(proxy, n, fate));
      // Only the last round completed: its fault came after the last command. All others were interrupted.
      expect(statuses.length).toBeGreaterThan(1);
    },
  );
});

it('removes the archived copy of a product that was changed in between', async () => {
  await heal();
  const store = await openStore();
  const { path } = await addProduct({ store });
  const archiveFirst = () => call(archiveProduct, { path, headers: { 'if-match': '"1"' } });
  primaryProxy.decide = ({ name }) => (name === 'delete' ? 'cut before' : 'pass');
  expect(await archiveFirst()).toMatchObject({ status: 503 });
  await heal();
  const changed = await call(updateProduct, { path, body: { name: 'Second' } });
  expect(changed.status).toBe(200);
  expect(await archiveFirst()).toMatchObject({ status: 412 });
  expect((await call(getProduct, { path })).body).toEqual(changed.body);
  expect(await call(getArchived, { path })).toMatchObject({ status: 404 });
});

it('keeps the archived copy of the current version, because another call may have just deleted the product', async () => {
  await heal();
  const store = await openStore();
  const { path } = await addProduct({ store });
  await call(updateProduct, { path, body: { name: 'Second' } });
  primaryProxy.decide = ({ name }) => (name === 'delete' ? 'cut before' : 'pass');
  expect(await call(archiveProduct, { path })).toMatchObject({ status: 503 });
  await heal();
  const stale = await call(archiveProduct, { path, headers: { 'if-match': '"1"' } });
  expect(stale.status).toBe(412);
  expect(await call(getArchived, { path })).toMatchObject({ status: 200 });
  expect(await call(archiveProduct, { path })).toMatchObject({ status: 204 });
  expect(await call(getArchived, { path })).toMatchObject({ body: { name: 'Second' } });
});
