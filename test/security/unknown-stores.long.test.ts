import { beforeAll, expect, it } from '@jest/globals';
import { primary, storeHandleCount } from '#lib/connections.ts';
import { handler as createProduct } from '../../functions/create-product.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as listArchive } from '../../functions/list-archive.ts';
import { primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { addProduct, aProduct, openStore } from '../support/catalog.ts';
import type { TestCaller, TestRequest } from '../support/gateway.ts';
import { call } from '../support/gateway.ts';

process.env.STORE_FRESH_MS = '300000';

/** One more than the number of registry entries that a container caches. */
const ATTEMPTS = 10_001;

let path: TestRequest['path'] & object;
beforeAll(async () => {
  ({ path } = await addProduct({ store: await openStore() }));
  expect(await call(getProduct, { path })).toMatchObject({ status: 200 });
});

/** Requests stores that do not exist through every kind of operation, and returns the commands that both servers received. */
async function guess(caller: TestCaller) {
  const product = '0'.repeat(24);
  const ways = [
    (store: string) => call(getProduct, { path: { store, product }, caller }),
    (store: string) => call(createProduct, { path: { store }, body: aProduct(), caller }),
    (store: string) => call(listArchive, { path: { store }, caller }),
  ];
  const [before, beforeSecondary] = [primaryProxy.commands.length, secondaryProxy.commands.length];
  for (let n = 0; n < ATTEMPTS; n += 1) {
    const way = ways[n % ways.length] as (typeof ways)[number];
    if ((await way(`guess-${n}`)).status !== 404) throw new Error(`${n} was found`);
  }
  expect(secondaryProxy.commands.length).toBe(beforeSecondary);
  return primaryProxy.commands.slice(before).map(({ name, database }) => `${database} ${name}`);
}

it('costs one query of the registry each, and leaves nothing in the cache', async () => {
  const { name: registry } = await primary();
  const open = storeHandleCount();
  const commands = await guess({ stores: '*' });
  expect(commands).toEqual(Array(ATTEMPTS).fill(`${registry} find`));
  expect(storeHandleCount()).toBe(open);
  // The cache is bounded and evicts the oldest entry first: an unknown id must not have evicted this one.
  const before = primaryProxy.commands.length;
  expect(await call(getProduct, { path })).toMatchObject({ status: 200 });
  expect(primaryProxy.commands.slice(before)).toEqual([
    { name: 'find', database: `store_${path.store}` },
  ]);
}, 300_000);

it('costs no query for a token that names its stores', async () => {
  const open = storeHandleCount();
  expect(await guess({ stores: `[${path.store}]` })).toEqual([]);
  expect(storeHandleCount()).toBe(open);
}, 300_000);
