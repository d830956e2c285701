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
import type { Fate, WireProxy } from '../support/wire-proxy.ts';

/** From its n-th command on, counted from one, `proxy` cuts every socket that brings one. */
function cutFrom(proxy: WireProxy, n: number, fate: Fate): void {
  let count = 0;
  proxy.decide = () => (++count >= n ? fate : 'pass');
}

/** Archives a product while `proxy` fails at its n-th command; then with both servers there. */
async function archiveThroughFault(proxy: WireProxy, n: number, fate: Fate) {
  await heal();
  const store = await openStore();
  const { product, path } = await addProduct({ store });
  cutFrom(proxy, n, fate);
  const first = await call(archiveProduct, { path, timeLeft: 3_000 });
  await heal();
  if (first.status !== 204) {
    expect(first.status).toBe(503);
    // Not acknowledged: it is still here, or it is there already. Never nowhere.
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
    'loses nothing and doubles nothing, whichever command is %s it runs',
    async (fate) => {
      const statuses: number[] = [];
      for (let n = 1; statuses.at(-1) !== 204; n++)
        statuses.push(await archiveThroughFault(proxy, n, fate));
      // The last round ran to its end: the fault lay behind its last command. The others met it.
      expect(statuses.length).toBeGreaterThan(1);
    },
  );
});

it('takes the copy back of a product that lives on', async () => {
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

it('leaves the copy of the current version: another call may have just deleted the product', async () => {
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
