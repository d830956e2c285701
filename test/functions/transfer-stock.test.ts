import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { transfersOn } from '#lib/products/transfer-record.ts';
import { handler } from '../../functions/transfer-stock.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';
import { closeDirect, direct } from '../support/mirror.ts';
import { type Branch, stockOf, twoBranches } from '../support/stock.ts';

afterAll(closeDirect);

const oneOf = (from: Branch, to: Branch, quantity: number) => ({
  from: from.store,
  to: to.store,
  sku: from.sku,
  quantity,
});

const recorded = (from: Branch) =>
  transfersOn(mongoose.connection).find({ from: from.store }).lean();

describe('transfer-stock', () => {
  it('moves pieces from one store to another, and keeps a record', async () => {
    const [a, b] = await twoBranches([10, 1]);
    const { status, body } = await call(handler, { body: oneOf(a, b, 4) });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      ...oneOf(a, b, 4),
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(await stockOf(a, b)).toEqual([6, 5]);
    const [record] = await recorded(a);
    expect(record?._id.toHexString()).toBe(body.id);
    expect(record).toMatchObject(oneOf(a, b, 4));
  });

  it('moves the pieces once for each Idempotency-Key', async () => {
    const [a, b] = await twoBranches([10, 0]);
    const request = { body: oneOf(a, b, 4), headers: { 'idempotency-key': randomUUID() } };
    const first = await call(handler, request);
    const second = await call(handler, request);
    expect([second.status, second.body]).toEqual([201, first.body]);
    const other = await call(handler, { ...request, body: oneOf(a, b, 5) });
    expect(other.status).toBe(422);
    expect(await stockOf(a, b)).toEqual([6, 4]);
    expect(await recorded(a)).toHaveLength(1);
  });

  it('keeps the sum of both stocks during 24 concurrent transfers in both directions', async () => {
    const [a, b] = await twoBranches([100, 100]);
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, i) =>
        call(handler, { body: i % 2 ? oneOf(a, b, 1 + (i % 5)) : oneOf(b, a, 1 + (i % 3)) }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(24).fill(201));
    const moved = (from: Branch) =>
      answers
        .filter(({ body }) => body.from === from.store)
        .reduce((sum, { body }) => sum + body.quantity, 0);
    expect(await stockOf(a, b)).toEqual([100 - moved(a) + moved(b), 100 - moved(b) + moved(a)]);
    expect((await recorded(a)).length + (await recorded(b)).length).toBe(24);
  });

  it('moves the last pieces once when many requests compete for them', async () => {
    const [a, b] = await twoBranches([5, 0]);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call(handler, { body: oneOf(a, b, 1) })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(15);
    expect(await stockOf(a, b)).toEqual([0, 5]);
  });

  it('moves pieces between stores of another cluster, and records that there', async () => {
    const [a, b] = await twoBranches([10, 1], { cluster: 'eu-1' });
    const request = { body: oneOf(a, b, 4), headers: { 'idempotency-key': randomUUID() } };
    for (const _ of ['first', 'again'])
      expect(await call(handler, request)).toMatchObject({ status: 201 });
    expect(await call(handler, { body: oneOf(b, a, 1) })).toMatchObject({ status: 201 });
    expect(await stockOf(a, b)).toEqual([7, 4]);
    expect(await recorded(a)).toEqual([]);
    const transfers = direct.cluster.db().collection('transfers');
    expect(await transfers.find({ from: a.store }).toArray()).toMatchObject([oneOf(a, b, 4)]);
    const keys = direct.cluster.db(`store_${a.store}`).collection('idempotency');
    expect(await keys.countDocuments()).toBe(1);
  });

  it('answers 409 for stores on different clusters, and moves nothing', async () => {
    const [a] = await twoBranches([10, 1]);
    const [c] = await twoBranches([10, 1], { cluster: 'eu-1' });
    for (const body of [oneOf(a, c, 1), oneOf(c, a, 1)]) {
      const answer = await call(handler, { body });
      expect(answer.status).toBe(409);
      expect(answer.body.type).toBe('urn:manystore:problem:different-clusters');
      expect(JSON.stringify(answer.body)).not.toContain('eu-1');
    }
    expect(await stockOf(a, c)).toEqual([10, 10]);
    expect(await recorded(a)).toEqual([]);
  });

  it('answers 409 with the current stock when it is too low, and moves nothing', async () => {
    const [a, b] = await twoBranches([3, 0]);
    const { status, body } = await call(handler, { body: oneOf(a, b, 4) });
    expect(status).toBe(409);
    expect(body).toMatchObject({ type: 'urn:manystore:problem:insufficient-stock', stock: 3 });
    expect(await stockOf(a, b)).toEqual([3, 0]);
    expect(await recorded(a)).toEqual([]);
  });

  it('answers 409 when the receiving stock would exceed the maximum, and moves nothing', async () => {
    const [a, b] = await twoBranches([3, 1_000_000_000]);
    const { status, body } = await call(handler, { body: oneOf(a, b, 1) });
    expect(status).toBe(409);
    expect(body.type).toBe('urn:manystore:problem:stock-too-large');
    expect(await stockOf(a, b)).toEqual([3, 1_000_000_000]);
  });

  it.each(['from', 'to'] as const)(
    'answers 404 for an unknown store, and names it: %s',
    async (side) => {
      const [a, b] = await twoBranches([3, 0]);
      const answer = await call(handler, { body: { ...oneOf(a, b, 1), [side]: 'nowhere' } });
      expect(answer.status).toBe(404);
      expect(answer.body.errors).toMatchObject([{ in: 'body', pointer: `/${side}` }]);
      expect(await stockOf(a, b)).toEqual([3, 0]);
    },
  );

  it('answers 404 when either store lacks the product, and moves nothing', async () => {
    const store = await openStore();
    const { product } = await addProduct({ store }, { stock: 3 });
    const other = await openStore();
    for (const [from, to] of [
      [store, other],
      [other, store],
    ]) {
      const body = { from, to, sku: product.sku, quantity: 1 };
      const answer = await call(handler, { body });
      expect(answer.status).toBe(404);
      expect(answer.body.detail).toContain(other);
      expect(answer.body.errors).toMatchObject([{ in: 'body', pointer: '/sku' }]);
    }
    expect(await stockOf({ store, sku: product.sku, id: product.id })).toEqual([3]);
  });

  it.each([
    ['the same store', { to: 'a-store', from: 'a-store' }, '/to'],
    ['no pieces', { quantity: 0 }, '/quantity'],
    ['a negative number of pieces', { quantity: -1 }, '/quantity'],
    ['half a piece', { quantity: 1.5 }, '/quantity'],
    ['an operator as a SKU', { sku: { $gt: '' } }, '/sku'],
    ['an invalid store id', { from: '../admin' }, '/from'],
    ['an unknown member', { reason: 'x' }, '/reason'],
  ])('rejects %s with 400', async (_, changes, pointer) => {
    const body = { from: 'store-a', to: 'store-b', sku: 'X', quantity: 1, ...changes };
    const answer = await call(handler, { body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ in: 'body', pointer }]);
  });
});
