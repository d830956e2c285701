import { describe, expect, it } from '@jest/globals';
import type { Connection } from 'mongoose';
import { poolSize, primary } from '#lib/connections.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler as listStores } from '../../functions/list-stores.ts';
import { primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { call } from '../support/gateway.ts';

// These cases follow one container: each continues where the one before it ended.
describe('a container that connects', () => {
  it('answers 503 with Retry-After when the first connect fails', async () => {
    await primaryProxy.shut();
    const answers = await Promise.all(Array.from({ length: 10 }, () => call(listStores)));
    for (const { status, headers, body } of answers) {
      expect(status).toBe(503);
      expect(headers['retry-after']).toMatch(/^\d+$/);
      expect(body.detail).toBe('A database is not responding. The same request may succeed later.');
      expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|ECONN|mongodb:/);
    }
  });

  it('succeeds with the next call once the server is available', async () => {
    await primaryProxy.listen();
    expect(await call(listStores)).toMatchObject({ status: 200 });
  });

  it('opens one pool for 100 concurrent calls of several functions', async () => {
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
    expect(primaryProxy.accepted - before).toBeLessThanOrEqual(poolSize('primary'));
  });

  it('gives every caller the same connection', async () => {
    const connections = await Promise.all(Array.from({ length: 100 }, () => primary()));
    expect(new Set(connections).size).toBe(1);
  });

  it('works after a thaw, when mongoose reports the connection as disconnected', async () => {
    const connection = (await primary()) as Connection & { _lastHeartbeatAt: number };
    // A freeze of the container has this effect: the last heartbeat was long ago.
    connection._lastHeartbeatAt = 1;
    expect(connection.readyState).toBe(0);
    const before = primaryProxy.accepted;
    expect(await call(listStores)).toMatchObject({ status: 200 });
    expect(primaryProxy.accepted).toBe(before);
  });

  it('never opened the secondary, which no call needed', () => {
    expect(secondaryProxy.accepted).toBe(0);
  });
});
