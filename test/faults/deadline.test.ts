import { expect, it } from '@jest/globals';
import { heal, primaryProxy } from '../support/behind-proxies.ts';
import { call } from '../support/gateway.ts';

// Generous, so that a busy machine does not make the answer late.
process.env.DEADLINE_MARGIN_MS = '2000';
const { addProduct, openStore } = await import('../support/catalog.ts');
const { handler: getProduct } = await import('../../functions/get-product.ts');

it('answers before Lambda ends it, while a server is silent', async () => {
  const { path } = await addProduct({ store: await openStore() });
  const timeLeft = 3_000;
  const end = Date.now() + timeLeft;
  primaryProxy.decide = () => 'hold';
  const { status, headers, body } = await call(getProduct, { path, timeLeft });
  expect(status).toBe(503);
  expect(headers['retry-after']).toBeDefined();
  expect(body.detail).toBe('The request took too long and was given up.');
  expect(Date.now()).toBeLessThan(end);
  await heal();
  expect(await call(getProduct, { path })).toMatchObject({ status: 200 });
});
