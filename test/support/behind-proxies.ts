import { afterAll } from '@jest/globals';
import { handler as getHealth } from '../../functions/get-health.ts';
import { call } from './gateway.ts';
import { servers } from './settings.ts';
import { WireProxy } from './wire-proxy.ts';

/*
 * A test file that imports this connects through two proxies. The order of its imports does not matter: a
 * connection string is read when it is first needed.
 */

export const primaryProxy = await new WireProxy(servers.primary).listen();
export const secondaryProxy = await new WireProxy(servers.secondary).listen();
process.env.PRIMARY_CONN_STR = primaryProxy.uri;
process.env.SECONDARY_CONN_STR = secondaryProxy.uri;

/**
 * Makes both servers available, passes every command, and waits until this process is connected again: the first request
 * after a fault may still find that a connection lost its server (503).
 */
export async function heal(): Promise<void> {
  for (const proxy of [primaryProxy, secondaryProxy]) {
    proxy.decide = () => 'pass';
    await proxy.shut();
    await proxy.listen();
  }
  while ((await call(getHealth)).body.status !== 'ok');
}

afterAll(async () => {
  await Promise.all([primaryProxy.shut(), secondaryProxy.shut()]);
});
