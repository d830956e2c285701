import { afterAll } from '@jest/globals';
import { handler as getHealth } from '../../functions/get-health.ts';
import { call } from './gateway.ts';
import { cluster, servers } from './settings.ts';
import { WireProxy } from './wire-proxy.ts';

/*
 * A test file that imports this connects through proxies. The order of its imports does not matter: a
 * connection string is read when it is first needed.
 */

export const primaryProxy = await new WireProxy(servers.primary).listen();
export const secondaryProxy = await new WireProxy(servers.secondary).listen();
/** The proxy of the cluster eu-1. */
export const clusterProxy = await new WireProxy(cluster).listen();
const proxies = [primaryProxy, secondaryProxy, clusterProxy];
process.env.PRIMARY_CONN_STR = primaryProxy.uri;
process.env.SECONDARY_CONN_STR = secondaryProxy.uri;
process.env.CLUSTER_CONN_STRS = JSON.stringify({ 'eu-1': clusterProxy.uri });

/**
 * Makes all servers available, passes every command, and waits until this process is connected again: the first request
 * after a fault may still find that a connection lost its server (503).
 */
export async function heal(): Promise<void> {
  for (const proxy of proxies) {
    proxy.decide = () => 'pass';
    await proxy.shut();
    await proxy.listen();
  }
  while ((await call(getHealth)).body.status !== 'ok');
}

afterAll(async () => {
  await Promise.all(proxies.map((proxy) => proxy.shut()));
});
