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

/** As many as a container keeps entries of the registry at most, and one more. */
const ATTEMPTS = 10_001;

let path: TestRequest['path'] & object;
beforeAll(async () => {
  ({ path } = await addProduct({ store: await openStore() }));
  expect(await call(getProduct, { path })).toMatchObject({ status: 200 });
});

/** Asks for stores that do not exist, in every way that leads to one, and gives what both servers were asked. */
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

it('costs one look into the registry each, and leaves nothing in the container', async () => {
  const { name: registry } = await primary();
  const open = storeHandleCount();
  const commands = await guess({ stores: '*' });
  expect(commands).toEqual(Array(ATTEMPTS).fill(`${registry} find`));
  expect(storeHandleCount()).toBe(open);
  // What the container remembers is bounded, and the oldest goes first: none of the ids has taken its place.
  const before = primaryProxy.commands.length;
  expect(await call(getProduct, { path })).toMatchObject({ status: 200 });
  expect(primaryProxy.commands.slice(before)).toEqual([
    { name: 'find', database: `store_${path.store}` },
  ]);
}, 120_000);

it('costs no look at all for a token that names its stores', async () => {
  const open = storeHandleCount();
  expect(await guess({ stores: `[${path.store}]` })).toEqual([]);
  expect(storeHandleCount()).toBe(open);
}, 120_000);
