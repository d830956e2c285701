import { afterAll } from '@jest/globals';
import { servers } from './settings.ts';
import { WireProxy } from './wire-proxy.ts';

/*
 * The connections of a test file that imports this lead through two proxies. It may import them in any order: a
 * connection string is read when it is first needed.
 */

export const primaryProxy = await new WireProxy(servers.primary).listen();
export const secondaryProxy = await new WireProxy(servers.secondary).listen();
process.env.PRIMARY_CONN_STR = primaryProxy.uri;
process.env.SECONDARY_CONN_STR = secondaryProxy.uri;

/** Both servers can be reached, and every command passes. */
export async function heal(): Promise<void> {
  for (const proxy of [primaryProxy, secondaryProxy]) {
    proxy.decide = () => 'pass';
    await proxy.shut();
    await proxy.listen();
  }
}

afterAll(async () => {
  await Promise.all([primaryProxy.shut(), secondaryProxy.shut()]);
});
