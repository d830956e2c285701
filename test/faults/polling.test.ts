import { setImmediate } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as listStores } from '../../functions/list-stores.ts';
import { heal, primaryProxy } from '../support/behind-proxies.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

// On Lambda the driver polls its servers. When all sockets are cut during requests, its monitor may write to a
// closed socket and wait for the response forever.
process.env.PRIMARY_CONN_STR += '&serverMonitoringMode=poll';

const until = async (condition: () => boolean) => {
  while (!condition()) await setImmediate();
};

it('finds its server again after its sockets were cut', async () => {
  const { path } = await addProduct({ store: await openStore() });
  for (let round = 0; round < 3; round++) {
    expect(await call(listStores)).toMatchObject({ status: 200 });
    const before = primaryProxy.commands.length;
    primaryProxy.decide = () => 'hold';
    const under = [1, 2].map(() => call(listStores));
    await until(() => primaryProxy.commands.length >= before + 2);
    // The driver waits at least this long between two checks of a server.
    await until(() => Date.now() - primaryProxy.lastHello > 1_000);
    primaryProxy.decide = () => 'pass';
    primaryProxy.cut();
    await Promise.all(under);

    // The first call may find no server yet and answer 503; the next one opens a new connection.
    const { status } = await call(listStores);
    expect([200, 503]).toContain(status);
    expect(await call(listStores)).toMatchObject({ status: 200 });
    expect(await call(getProduct, { path })).toMatchObject({ status: 200 });
  }
  await heal();
}, 60_000);
