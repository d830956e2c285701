import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { handler } from '../../functions/adjust-stock.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as updateProduct } from '../../functions/update-product.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

const statusesOf = (answers: { status: number }[]) => answers.map(({ status }) => status);
const times = <T>(n: number, work: () => Promise<T>) =>
  Promise.all(Array.from({ length: n }, work));

describe('adjust-stock', () => {
  it('removes and adds pieces, and returns the product', async () => {
    const { product, path } = await addProduct({ store: await openStore() }, { stock: 12 });
    const sold = await call(handler, { path, body: { by: -2 } });
    expect(sold.status).toBe(200);
    expect(sold.headers.etag).toBe('"2"');
    expect(sold.body).toEqual({
      ...product,
      stock: 10,
      version: 2,
      updatedAt: expect.any(String),
    });
    expect(Date.parse(sold.body.updatedAt)).toBeGreaterThanOrEqual(Date.parse(product.updatedAt));
    const restocked = await call(handler, { path, body: { by: 5 } });
    expect(restocked.body).toMatchObject({ stock: 15, version: 3 });
    expect((await call(getProduct, { path })).body).toEqual(restocked.body);
  });

  it('sells the last pieces once: 50 of 200 concurrent requests for 50 pieces succeed', async () => {
    const { path } = await addProduct({ store: await openStore() }, { stock: 50 });
    const answers = await times(200, () => call(handler, { path, body: { by: -1 } }));
    expect(statusesOf(answers).filter((status) => status === 200)).toHaveLength(50);
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(150);
    for (const { body } of refused)
      expect(body).toMatchObject({ type: 'urn:manystore:problem:insufficient-stock', stock: 0 });
    expect((await call(getProduct, { path })).body).toMatchObject({ stock: 0, version: 51 });
  });

  it('answers 409 with the current stock when it is too low, and changes nothing', async () => {
    const { product, path } = await addProduct({ store: await openStore() }, { stock: 3 });
    const answer = await call(handler, { path, body: { by: -4 } });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      stock: 3,
      detail: 'Stock is 3; this change would take it below zero.',
    });
    expect((await call(getProduct, { path })).body).toEqual(product);
  });

  it('answers 409 when the stock would exceed the maximum', async () => {
    const { path } = await addProduct({ store: await openStore() }, { stock: 1_000_000_000 });
    const answer = await call(handler, { path, body: { by: 1 } });
    expect(answer.status).toBe(409);
    expect(answer.body.type).toBe('urn:manystore:problem:stock-too-large');
  });

  it('changes the stock once for each Idempotency-Key', async () => {
    const { path } = await addProduct({ store: await openStore() }, { stock: 50 });
    const request = { path, body: { by: -1 }, headers: { 'idempotency-key': randomUUID() } };
    const answers = await times(10, () => call(handler, request));
    const repeated = await call(handler, request);
    expect(repeated).toMatchObject({ status: 200, body: { stock: 49 } });
    for (const { status, body } of answers)
      expect([200, 409]).toContain(status === 200 ? (body.stock === 49 ? 200 : 0) : status);
    expect((await call(getProduct, { path })).body.stock).toBe(49);
  });

  it('sells the last pieces once, also when each sale has a key', async () => {
    const { path } = await addProduct({ store: await openStore() }, { stock: 10 });
    const answers = await times(30, () =>
      call(handler, { path, body: { by: -1 }, headers: { 'idempotency-key': randomUUID() } }),
    );
    expect(statusesOf(answers).sort()).toEqual([...Array(10).fill(200), ...Array(20).fill(409)]);
    expect((await call(getProduct, { path })).body.stock).toBe(0);
  });

  it('changes the ETag', async () => {
    const { path } = await addProduct({ store: await openStore() });
    await call(handler, { path, body: { by: -1 } });
    const patch = { path, body: { name: 'Other' }, headers: { 'if-match': '"1"' } };
    expect(await call(updateProduct, patch)).toMatchObject({ status: 412 });
  });

  it.each([
    ['nothing', {}, '/by'],
    ['no pieces', { by: 0 }, '/by'],
    ['half a piece', { by: 0.5 }, '/by'],
    ['text', { by: '1' }, '/by'],
    ['more than the maximum stock', { by: 1_000_000_001 }, '/by'],
    ['an unknown member', { by: 1, to: 3 }, '/to'],
  ])('rejects %s with 400', async (_, body, pointer) => {
    const { product, path } = await addProduct({ store: await openStore() });
    const answer = await call(handler, { path, body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ in: 'body', pointer }]);
    expect((await call(getProduct, { path })).body).toEqual(product);
  });

  it('answers 404 for an unknown product, and for one of another store', async () => {
    const { path } = await addProduct({ store: await openStore() });
    const elsewhere = { ...path, store: await openStore() };
    expect(await call(handler, { path: elsewhere, body: { by: 1 } })).toMatchObject({
      status: 404,
    });
  });
});
