import { describe, expect, it } from '@jest/globals';
import type { Connection } from 'mongoose';
import { primary } from '#lib/connections.ts';
import { settings } from '#lib/runtime/settings.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler as listStores } from '../../functions/list-stores.ts';
import { primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { call } from '../support/gateway.ts';

// These cases tell one story of a container, in their order.
describe('a container that connects', () => {
  it('answers 503 when the first connect fails, and says when to try again', async () => {
    await primaryProxy.shut();
    const answers = await Promise.all(Array.from({ length: 10 }, () => call(listStores)));
    for (const { status, headers, body } of answers) {
      expect(status).toBe(503);
      expect(headers['retry-after']).toMatch(/^\d+$/);
      expect(body.detail).toBe('A database is not responding. The same request may succeed later.');
      expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|ECONN|mongodb:/);
    }
  });

  it('works with the next call when the server has come up', async () => {
    await primaryProxy.listen();
    expect(await call(listStores)).toMatchObject({ status: 200 });
  });

  it('opens one pool for 100 calls at once, of several functions', async () => {
    const path = { product: '0'.repeat(24) };
    const before = primaryProxy.accepted;
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        i % 2 ? call(listProducts) : call(getProduct, { path }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(
      Array.from({ length: 100 }, (_, i) => (i % 2 ? 200 : 404)),
    );
    expect(primaryProxy.accepted - before).toBeLessThanOrEqual(settings().poolSizes.primary);
  });

  it('gives every caller the same connection', async () => {
    const connections = await Promise.all(Array.from({ length: 100 }, () => primary()));
    expect(new Set(connections).size).toBe(1);
  });

  it('works after a thaw, when mongoose takes the connection for a dead one', async () => {
    const connection = (await primary()) as Connection & { _lastHeartbeatAt: number };
    // What a freeze of the container leaves behind: the last heartbeat was long ago.
    connection._lastHeartbeatAt = 1;
    expect(connection.readyState).toBe(0);
    const before = primaryProxy.accepted;
    expect(await call(listStores)).toMatchObject({ status: 200 });
    expect(primaryProxy.accepted).toBe(before);
  });

  it('never opened the secondary, which nobody asked for', () => {
    expect(secondaryProxy.accepted).toBe(0);
  });
});
