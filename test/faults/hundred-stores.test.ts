import { expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { poolSize } from '#lib/connections.ts';
import { primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { servers } from '../support/settings.ts';

/** Runs `work` a hundred times, ten at a time. */
async function hundredTimes<T>(work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let round = 0; round < 10; round++)
    results.push(...(await Promise.all(Array.from({ length: 10 }, work))));
  return results;
}

it('writes 100 stores into 100 databases, over one pool', async () => {
  const stores = await hundredTimes(async () => {
    const store = await openStore();
    await addProduct({ store });
    return store;
  });

  const client = await mongo.MongoClient.connect(servers.primary);
  const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
  const names = new Set(databases.map(({ name }) => name));
  for (const store of stores) {
    expect(names).toContain(`store_${store}`);
    const products = client.db(`store_${store}`).collection('products');
    expect(await products.countDocuments({})).toBe(1);
  }
  await client.close();

  // The pool, and the two sockets with which the driver monitors the server.
  expect(primaryProxy.open).toBeLessThanOrEqual(poolSize('primary') + 2);
  expect(primaryProxy.accepted).toBe(primaryProxy.open);
  expect(secondaryProxy.accepted).toBe(0);
}, 60_000);
