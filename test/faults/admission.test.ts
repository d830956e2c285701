import { describe, expect, it } from '@jest/globals';
import { primary, storeHandleCount } from '#lib/connections.ts';
import { handler as closeStore } from '../../functions/close-store.ts';
import { handler as createProduct } from '../../functions/create-product.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as getStore } from '../../functions/get-store.ts';
import { handler as ingestArchive } from '../../functions/ingest-archive.ts';
import { handler as listArchive } from '../../functions/list-archive.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler as restoreProduct } from '../../functions/restore-product.ts';
import { handler as updateStore } from '../../functions/update-store.ts';
import { primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { aProduct, openStore } from '../support/catalog.ts';
import { call, type TestRequest } from '../support/gateway.ts';

const product = '0'.repeat(24);
const attempts: [string, (store: string) => Promise<{ status: number }>][] = (
  [
    ['close-store', closeStore, (store) => ({ path: { store } })],
    ['create-product', createProduct, (store) => ({ path: { store }, body: aProduct() })],
    ['get-product', getProduct, (store) => ({ path: { store, product } })],
    ['get-store', getStore, (store) => ({ path: { store } })],
    ['ingest-archive', ingestArchive, (store) => ({ path: { store }, body: { a: 1 } })],
    ['list-archive', listArchive, (store) => ({ path: { store } })],
    ['list-products', listProducts, (store) => ({ path: { store } })],
    ['restore-product', restoreProduct, (store) => ({ path: { store, product } })],
    ['update-store', updateStore, (store) => ({ path: { store }, body: { name: 'X' } })],
  ] as [string, typeof getStore, (store: string) => TestRequest][]
).map(([name, handler, request]) => [name, (store) => call(handler as never, request(store))]);

/** Returns the commands that the servers received while `work` ran. */
async function commandsOf(work: () => Promise<void>) {
  const before = primaryProxy.commands.length;
  await work();
  expect(secondaryProxy.commands).toEqual([]);
  return primaryProxy.commands.slice(before);
}

describe('an id that is not a store id', () => {
  it.each([
    '__proto__',
    '..%2fadmin',
    '../admin',
    'a'.repeat(31),
    '',
    'Admin',
    'a.b',
    'a$b',
    'a b',
    'a\u0000',
    'ä',
    '-a',
    'a-',
  ])('%j is rejected with 400 before any database query', async (store) => {
    const commands = await commandsOf(async () => {
      for (const [, attempt] of attempts)
        expect(await attempt(store)).toMatchObject({ status: 400 });
    });
    expect(commands).toEqual([]);
  });

  it.each(['constructor', 'admin', 'local', 'config', 'test', 'hasownproperty', '0'])(
    '%j is answered with 404 from the registry, and no database is opened',
    async (store) => {
      const { name: registry } = await primary();
      const open = storeHandleCount();
      const commands = await commandsOf(async () => {
        for (const [, attempt] of attempts)
          expect(await attempt(store)).toMatchObject({ status: 404 });
      });
      expect(commands).toEqual(attempts.map(() => ({ name: 'find', database: registry })));
      expect(storeHandleCount()).toBe(open);
    },
  );
});

it("queries only that store's database for a known id", async () => {
  const store = await openStore();
  const commands = await commandsOf(async () => {
    await call(createProduct, { path: { store }, body: aProduct() });
    await call(listProducts, { path: { store } });
  });
  const registry = (await primary()).name;
  expect(commands).toEqual([
    { name: 'find', database: registry },
    // The mark of the changed store.
    { name: 'update', database: registry },
    { name: 'insert', database: `store_${store}` },
    { name: 'find', database: `store_${store}` },
  ]);
});
