import { expect, it } from '@jest/globals';
import { heal, primaryProxy } from '../support/behind-proxies.ts';
import { call } from '../support/gateway.ts';

const { addProduct, openStore } = await import('../support/catalog.ts');
const { handler: getProduct } = await import('../../functions/get-product.ts');

it('answers before Lambda ends it, while a server is silent', async () => {
  const { path } = await addProduct({ store: await openStore() });
  const end = Date.now() + 2_000;
  primaryProxy.decide = () => 'hold';
  const { status, headers, body } = await call(getProduct, { path, timeLeft: 2_000 });
  expect(status).toBe(503);
  expect(headers['retry-after']).toBeDefined();
  expect(body.detail).toBe('The request took too long and was given up.');
  expect(Date.now()).toBeLessThan(end);
  await heal();
  expect(await call(getProduct, { path })).toMatchObject({ status: 200 });
});
