import { afterEach, expect, it } from '@jest/globals';
import { handler as adjustStock } from '../../functions/adjust-stock.ts';
import { handler as closeStore } from '../../functions/close-store.ts';
import { handler as getHealth } from '../../functions/get-health.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { heal, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

// Generous, so that a busy machine does not make the answer late.
process.env.DEADLINE_MARGIN_MS = '2000';

// A driver in polling mode may need a new connection after a cut: the next request opens it.
afterEach(async () => {
  await heal();
  while ((await call(getHealth)).body.status !== 'ok');
}, 60_000);

it('answers 503 before Lambda ends the invocation when a server does not respond', async () => {
  const { path } = await addProduct({ store: await openStore() });
  const timeLeft = 3_000;
  const end = Date.now() + timeLeft;
  primaryProxy.decide = () => 'hold';
  const { status, headers, body } = await call(getProduct, { path, timeLeft });
  expect(status).toBe(503);
  expect(headers['retry-after']).toBeDefined();
  expect(body.detail).toBe('The request timed out. The same request may succeed later.');
  expect(Date.now()).toBeLessThan(end);
  await heal();
  expect(await call(getProduct, { path })).toMatchObject({ status: 200 });
});

it('answers in time when the server does not confirm that it aborted a transaction', async () => {
  const { path } = await addProduct({ store: await openStore() }, { stock: 1 });
  const timeLeft = 3_000;
  const end = Date.now() + timeLeft;
  primaryProxy.decide = ({ name }) => (name === 'abortTransaction' ? 'hold' : 'pass');
  const headers = { 'idempotency-key': 'too-much-of-it' };
  const { status } = await call(adjustStock, { path, headers, body: { by: -2 }, timeLeft });
  expect(status).toBe(409);
  expect(Date.now()).toBeLessThan(end);
});

it('treats a bulk write without a response as one that can be retried', async () => {
  const store = await openStore();
  await addProduct({ store });
  secondaryProxy.decide = ({ name }) => (name === 'update' ? 'hold' : 'pass');
  const path = { store };
  expect(await call(closeStore, { path, timeLeft: 3_000 })).toMatchObject({ status: 503 });
  await heal();
  expect(await call(closeStore, { path })).toMatchObject({ status: 200, body: { archived: 1 } });
});
