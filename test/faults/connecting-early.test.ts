import { beforeEach, describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { heal, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { call } from '../support/gateway.ts';

/*
 * A Lambda container connects while it starts, before the first request arrives.
 */

process.env.AWS_LAMBDA_INITIALIZATION_TYPE = 'on-demand';
const { closeConnections, connect, connectEarly, poolSize } = await import('#lib/connections.ts');
const { handler: listStores } = await import('../../functions/list-stores.ts');

/** The monitor's sockets, and one of the pool. */
const CONNECTED = 2;

it('is ready once it has opened a socket to the server that its contract names', async () => {
  await listStores.ready;
  expect(primaryProxy.open).toBeGreaterThanOrEqual(CONNECTED);
  expect(primaryProxy.commands).toEqual([]);
});

it('opens no connection to a server that its contract does not name', async () => {
  expect(await call(listStores)).toMatchObject({ status: 200 });
  expect(secondaryProxy.accepted).toBe(0);
});

it('answers the first request with 200 after its sockets were cut', async () => {
  primaryProxy.cut();
  expect(await call(listStores)).toMatchObject({ status: 200 });
});

it('connects to both servers for a function that needs both', async () => {
  const { handler } = await import('../../functions/list-archive.ts');
  await handler.ready;
  expect(secondaryProxy.open).toBeGreaterThanOrEqual(CONNECTED);
  expect(secondaryProxy.commands).toEqual([]);
});

it('has a pool for the sockets that its function uses', async () => {
  for (const server of ['primary', 'secondary'] as const)
    expect((await connect(server)).getClient().options.maxPoolSize).toBe(2);
  await import('../../functions/publish-product.ts');
  expect([poolSize('primary'), poolSize('secondary')]).toEqual([5, 2]);
});

describe('when a server is unavailable during the start', () => {
  beforeEach(closeConnections);

  it('is ready all the same, and answers the next request with 200', async () => {
    await primaryProxy.shut();
    await connectEarly();
    await heal();
    expect(await call(listStores)).toMatchObject({ status: 200 });
  });

  it('is ready after a while if the server does not respond, and continues to connect', async () => {
    primaryProxy.pause();
    await connectEarly();
    expect(mongoose.connection.readyState).toBe(mongoose.STATES.connecting);
    primaryProxy.resume();
    expect(await call(listStores)).toMatchObject({ status: 200 });
  });
});
