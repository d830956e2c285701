import { expect, it } from '@jest/globals';
import { heal, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { call } from '../support/gateway.ts';

/*
 * A Lambda container connects while it starts, before the first request arrives.
 */

process.env.AWS_LAMBDA_INITIALIZATION_TYPE = 'on-demand';
const { handler: listStores } = await import('../../functions/list-stores.ts');

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** The monitor's sockets, and one of the pool. */
const CONNECTED = 2;

it('opens a socket to the server that its contract names before the first request', async () => {
  await until(() => primaryProxy.open >= CONNECTED);
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
  await import('../../functions/list-archive.ts');
  await until(() => secondaryProxy.open >= CONNECTED);
  expect(secondaryProxy.commands).toEqual([]);
});

it('has a pool for the sockets that its function uses', async () => {
  const { connect, poolSize } = await import('#lib/connections.ts');
  for (const server of ['primary', 'secondary'] as const)
    expect((await connect(server)).getClient().options.maxPoolSize).toBe(2);
  await import('../../functions/publish-product.ts');
  expect([poolSize('primary'), poolSize('secondary')]).toEqual([5, 2]);
});

it('answers the next request with 200 when a server was unavailable during the start', async () => {
  const { closeConnections, connectEarly } = await import('#lib/connections.ts');
  await closeConnections();
  await primaryProxy.shut();
  connectEarly();
  await heal();
  expect(await call(listStores)).toMatchObject({ status: 200 });
});
