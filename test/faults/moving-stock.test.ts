import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { transfersOn } from '#lib/products/transfer-record.ts';
import { handler as adjustStock } from '../../functions/adjust-stock.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as transferStock } from '../../functions/transfer-stock.ts';
import { heal, primaryProxy } from '../support/behind-proxies.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';
import { nextCommand } from '../support/length.ts';
import { stockOf, twoBranches } from '../support/stock.ts';
import type { Fate } from '../support/wire-proxy.ts';

const fates = ['cut before', 'cut after'] as const;

/** Cuts the n-th command only, counted from one. The result tells whether there was such a command. */
function cutOnce(n: number, fate: Fate): () => boolean {
  let count = 0;
  primaryProxy.decide = () => (++count === n ? fate : 'pass');
  return () => count >= n;
}

describe.each(fates)('a transfer, one command of which is %s it runs', (fate) => {
  it('is applied completely or not at all, and never twice, whichever command it is', async () => {
    let met = true;
    for (let n = 1; met; n = nextCommand(n)) {
      await heal();
      const [a, b] = await twoBranches([10, 10]);
      const request = {
        body: { from: a.store, to: b.store, sku: a.sku, quantity: 3 },
        headers: { 'idempotency-key': randomUUID() },
      };
      const wasMet = cutOnce(n, fate);
      const first = await call(transferStock, request);
      met = wasMet();
      await heal();
      expect([201, 503]).toContain(first.status);
      expect([
        [10, 10],
        [7, 13],
      ]).toContainEqual(await stockOf(a, b));
      expect(await call(transferStock, request)).toMatchObject({ status: 201 });
      expect(await stockOf(a, b)).toEqual([7, 13]);
      expect(await transfersOn(mongoose.connection).countDocuments({ from: a.store })).toBe(1);
    }
  }, 60_000);
});

describe.each(fates)('stock, with one command %s it runs', (fate) => {
  it('is changed once for each key', async () => {
    let met = true;
    for (let n = 1; met; n = nextCommand(n)) {
      await heal();
      const { product, path } = await addProduct({ store: await openStore() }, { stock: 10 });
      const branch = { store: path.store ?? '', sku: product.sku, id: product.id };
      const request = {
        path,
        body: { by: -1 },
        headers: { 'idempotency-key': randomUUID() },
      };
      const wasMet = cutOnce(n, fate);
      const first = await call(adjustStock, request);
      met = wasMet();
      await heal();
      expect([200, 503]).toContain(first.status);
      expect(await call(adjustStock, request)).toMatchObject({ status: 200, body: { stock: 9 } });
      expect(await stockOf(branch)).toEqual([9]);
    }
  }, 60_000);
});

describe('a sale that is aborted at its deadline', () => {
  /** Starts a sale, for which the commands of a name fail from the n-th on. Returns a request that repeats it. */
  async function abortedSale(name: string, n: number, fate: Fate) {
    await heal();
    const { path } = await addProduct({ store: await openStore() }, { stock: 10 });
    const request = { path, body: { by: -1 }, headers: { 'idempotency-key': randomUUID() } };
    let count = 0;
    primaryProxy.decide = (command) => (command.name === name && ++count >= n ? fate : 'pass');
    const first = await call(adjustStock, { ...request, timeLeft: 1_500 });
    primaryProxy.decide = () => 'pass';
    expect(first.status).toBe(503);
    expect(count).toBeGreaterThanOrEqual(n);
    return { repeat: () => call(adjustStock, request), path };
  }

  it.each([
    ['changes the stock', 'findAndModify', 2, 'hold'],
    ['records the result', 'update', 1, 'hold'],
    ['commits both', 'commitTransaction', 1, 'cut after'],
  ] as const)(
    'releases its key, so that a retry returns the result at once (200): what %s has no response',
    async (_, name, n, fate) => {
      const { repeat, path } = await abortedSale(name, n, fate);
      expect(await repeat()).toMatchObject({ status: 200, body: { stock: 9 } });
      expect(await repeat()).toMatchObject({ status: 200, body: { stock: 9 } });
      expect(await call(getProduct, { path })).toMatchObject({ body: { stock: 9, version: 2 } });
    },
  );

  it('is counted once (200) when its commit reaches the server after a retry has started', async () => {
    const { repeat, path } = await abortedSale('commitTransaction', 1, 'hold');
    const sent = primaryProxy.commands.length;
    const retry = repeat();
    while (primaryProxy.commands.length === sent) await setImmediate();
    primaryProxy.sendHeld();
    const statuses = [(await retry).status];
    while (statuses.at(-1) !== 200) {
      expect([409, 503]).toContain(statuses.at(-1));
      statuses.push((await repeat()).status);
    }
    expect(await call(getProduct, { path })).toMatchObject({ body: { stock: 9, version: 2 } });
  });
});

it('keeps the sum of both stocks when every socket is cut during 50 transfers', async () => {
  await heal();
  const [a, b] = await twoBranches([100, 100]);
  let commits = 0;
  primaryProxy.decide = ({ name }) => {
    if (name === 'commitTransaction' && ++commits % 7 === 3)
      void setImmediate().then(() => primaryProxy.cut());
    return 'pass';
  };
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => {
      const [from, to] = i % 2 ? [a, b] : [b, a];
      const body = { from: from.store, to: to.store, sku: a.sku, quantity: 1 + (i % 4) };
      return call(transferStock, { body, headers: { 'idempotency-key': randomUUID() } });
    }),
  );
  await heal();
  expect(commits).toBeGreaterThanOrEqual(3);
  const stocks = await stockOf(a, b);
  expect(stocks.reduce((sum, stock) => sum + stock)).toBe(200);
  // Each acknowledged transfer has its record, and the stocks follow from the records.
  const records = await transfersOn(mongoose.connection).find().lean();
  const ids = records.map(({ _id }) => _id.toHexString());
  const done = answers.filter(({ status }) => status === 201);
  expect(done.length).toBeGreaterThan(0);
  expect(ids).toEqual(expect.arrayContaining(done.map(({ body }) => body.id)));
  const signed = records.map(({ from, quantity }) => {
    if (from === a.store) return -quantity;
    return from === b.store ? quantity : 0;
  });
  expect(stocks[0]).toBe(signed.reduce((sum, change) => sum + change, 100));
}, 60_000);
