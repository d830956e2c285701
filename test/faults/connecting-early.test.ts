import { expect, it } from '@jest/globals';
import { heal, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { call } from '../support/gateway.ts';

/*
 * A container of Lambda's connects while it starts. The first request comes when it likes.
 */

process.env.AWS_LAMBDA_INITIALIZATION_TYPE = 'on-demand';
const { handler: listStores } = await import('../../functions/list-stores.ts');

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Sockets of a monitor, and one of the pool. */
const CONNECTED = 2;

it('has a socket to the server that its contract names before there is a request', async () => {
  await until(() => primaryProxy.open >= CONNECTED);
  expect(primaryProxy.commands).toEqual([]);
});

it('opens no connection to a server that its contract does not name', async () => {
  expect(await call(listStores)).toMatchObject({ status: 200 });
  expect(secondaryProxy.accepted).toBe(0);
});

it('answers the first request when its sockets were cut before that', async () => {
  primaryProxy.cut();
  expect(await call(listStores)).toMatchObject({ status: 200 });
});

it('connects to both servers for a function that needs both', async () => {
  await import('../../functions/list-archive.ts');
  await until(() => secondaryProxy.open >= CONNECTED);
  expect(secondaryProxy.commands).toEqual([]);
});

it('answers with the next request when a server was away while it started', async () => {
  const { closeConnections, connectEarly } = await import('#lib/connections.ts');
  await closeConnections();
  await primaryProxy.shut();
  connectEarly();
  await heal();
  expect(await call(listStores)).toMatchObject({ status: 200 });
});
