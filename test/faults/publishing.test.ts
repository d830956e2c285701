import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler as publishProduct } from '../../functions/publish-product.ts';
import { heal, primaryProxy } from '../support/behind-proxies.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';
import type { Fate } from '../support/wire-proxy.ts';

it.each([
  ['cut before', "The store's database is not responding. Publish the product again."],
  ['cut after', "The store's database is not responding. Publish the product again."],
  ['hold', 'The request timed out before this store was updated. Publish the product again.'],
] as [Fate, string][])(
  "leaves the other stores alone when one store's database fails: %s",
  async (fate, reason) => {
    await heal();
    const { path } = await addProduct({});
    const stores: string[] = [];
    for (let i = 0; i < 12; i++) stores.push(await openStore());
    const broken = stores[3] as string;
    const key = { 'idempotency-key': randomUUID() };
    const publish = async (headers = {}) => {
      const request = { path, body: { stores }, headers, timeLeft: 6_000 };
      const { status, body } = await call(publishProduct, request);
      expect(status).toBe(200);
      return body.results;
    };
    primaryProxy.decide = ({ database }) => (database === `store_${broken}` ? fate : 'pass');
    expect(await publish(key)).toEqual(
      stores.map((store) =>
        store === broken ? { store, result: 'failed', reason } : { store, result: 'created' },
      ),
    );
    await heal();
    // A retry with the key publishes to the store that failed, and keeps the results of the others.
    const results = await publish(key);
    for (const { store, result } of results) {
      if (store === broken) expect(result).toMatch(/^(?:created|unchanged)$/);
      else expect(result).toBe('created');
    }
    expect(await publish(key)).toEqual(results);
    expect(
      (await publish()).every(({ result }: { result: string }) => result === 'unchanged'),
    ).toBe(true);
    for (const store of stores)
      expect((await call(listProducts, { path: { store } })).body.items).toHaveLength(1);
  },
);
