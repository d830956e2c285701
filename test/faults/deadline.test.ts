import { once } from 'node:events';
import { afterEach, expect, it } from '@jest/globals';
import { operation } from '#lib/http/operation.ts';
import { handler as adjustStock } from '../../functions/adjust-stock.ts';
import { handler as closeStore } from '../../functions/close-store.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { heal, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { captureLog } from '../support/captured-log.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call, callAgain } from '../support/gateway.ts';

// Generous, so that a busy machine does not make the answer late.
process.env.DEADLINE_MARGIN_MS = '2000';

process.env.POWERTOOLS_METRICS_DISABLED = 'false';
const output = captureLog();

afterEach(heal, 60_000);

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

  // The next request pings the server over up to three sockets, and the ones after it do not wait for it, except for one at
  // a time.
  const known = primaryProxy.commands.length;
  expect(await call(getProduct, { path })).toMatchObject({ status: 503 });
  const later = await Promise.all(Array.from({ length: 10 }, () => call(getProduct, { path })));
  for (const answer of later)
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, expect.any(String)]);
  const sent = primaryProxy.commands.slice(known).map(({ name }) => name);
  expect(new Set(sent)).toEqual(new Set(['ping']));
  expect(sent.length).toBeLessThanOrEqual(3 + 1);
  await heal();
  expect(await callAgain(getProduct, { path })).toMatchObject({ status: 200 });
});

it.each([
  ['the time limit of its operation', { timeLimitMs: 1, timeLeft: 29_000 }],
  ['the time that Lambda leaves it, less the margin', { timeLimitMs: 60_000, timeLeft: 2_001 }],
])('answers 503 after %s', async (_, { timeLimitMs, timeLeft }) => {
  const wait = operation(
    {
      name: 'wait',
      summary: 'Waits until its time is over.',
      routes: ['GET /wait'],
      scope: 'public',
      servers: [],
      timeLimitMs,
      answers: { 204: null },
    },
    async ({ signal }) => {
      await once(signal, 'abort');
      throw signal.reason;
    },
  );
  output.clear();
  expect(await call(wait, { timeLeft })).toMatchObject({ status: 503 });
  // An alarm counts the requests that reach their time limit.
  expect(output.text).toMatch(/"Faults":1,"DeadlinesHit":1/);
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
