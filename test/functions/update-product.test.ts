import { describe, expect, it } from '@jest/globals';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler } from '../../functions/update-product.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

describe('update-product', () => {
  it.each([['a store'], ['the head catalog']])('changes a product of %s', async (where) => {
    const { product, path } = await addProduct(
      where === 'a store' ? { store: await openStore() } : {},
    );
    const answer = await call(handler, { path, body: { name: 'Laptop Max' } });
    expect([answer.status, answer.headers.etag]).toEqual([200, '"2"']);
    expect(answer.body).toEqual({
      ...product,
      name: 'Laptop Max',
      version: 2,
      updatedAt: expect.any(String),
    });
    expect((await call(getProduct, { path })).body).toEqual(answer.body);
  });

  it('merges as RFC 7396 specifies: null removes, objects merge, lists are replaced', async () => {
    const { path } = await addProduct({}, { attributes: { color: 'grey', size: 'L' } });
    const { body } = await call(handler, {
      path,
      headers: { 'content-type': 'application/merge-patch+json; charset=utf-8' },
      body: {
        description: null,
        price: { amount: 99 },
        tags: ['sale'],
        attributes: { color: null, weight: '2 kg' },
      },
    });
    expect(body).not.toHaveProperty('description');
    expect(body).toMatchObject({
      price: { amount: 99, currency: 'USD' },
      tags: ['sale'],
      attributes: { size: 'L', weight: '2 kg' },
    });
    expect(body.attributes).not.toHaveProperty('color');
  });

  it('updates the words of text search', async () => {
    const store = await openStore();
    const { path } = await addProduct({ store }, { name: 'Teapot', description: 'Brews.' });
    await call(handler, { path, body: { name: 'Kettle' } });
    const found = async (q: string) =>
      (await call(listProducts, { path: { store }, query: { q } })).body.items.length;
    expect([await found('kettle'), await found('teapot')]).toEqual([1, 0]);
  });

  it('writes nothing when the patch changes nothing', async () => {
    const { product, path } = await addProduct({});
    const { body } = await call(handler, { path, body: { name: product.name, price: {} } });
    expect(body).toEqual(product);
    const { product: empty, path: toEmpty } = await addProduct({}, { stock: 0 });
    const zero = await call(handler, { path: toEmpty, body: '{"stock":-0}' });
    expect(zero.body).toEqual(empty);
  });

  it('answers 412 when If-Match is not current', async () => {
    const { path } = await addProduct({});
    const patch = (name: string, tag: string) =>
      call(handler, { path, body: { name }, headers: { 'if-match': tag } });
    expect(await patch('Second', '"1"')).toMatchObject({ status: 200 });
    for (const tag of ['"1"', 'W/"2"', '"3", "4"']) {
      const stale = await patch('Third', tag);
      expect([stale.status, stale.headers.etag]).toEqual([412, '"2"']);
    }
    expect(await patch('Third', '*')).toMatchObject({ status: 200 });
    expect((await call(getProduct, { path })).body).toMatchObject({ name: 'Third', version: 3 });
  });

  it('lets one of 50 concurrent requests with the same If-Match succeed', async () => {
    const { path } = await addProduct({ store: await openStore() });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        call(handler, { path, body: { stock: i + 100 }, headers: { 'if-match': '"1"' } }),
      ),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(49);
    expect((await call(getProduct, { path })).body).toEqual(won[0]?.body);
  });

  it('loses none of 20 concurrent changes without If-Match', async () => {
    const { path } = await addProduct({}, { attributes: {} });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        call(handler, { path, body: { attributes: { [`a${i}`]: 'x' } } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const { body } = await call(getProduct, { path });
    expect(Object.keys(body.attributes)).toHaveLength(20);
    expect(body.version).toBe(21);
  });

  it('answers 409 for the SKU of another product, and changes nothing', async () => {
    const store = await openStore();
    const { product: other } = await addProduct({ store });
    const { product, path } = await addProduct({ store });
    const { status, body } = await call(handler, { path, body: { sku: other.sku, name: 'X' } });
    expect(status).toBe(409);
    expect(body).toMatchObject({ key: { sku: other.sku } });
    expect((await call(getProduct, { path })).body).toEqual(product);
  });

  it.each([
    ['the removal of its name', { name: null }, '/name'],
    ['the removal of its stock', { stock: null }, '/stock'],
    ['an unknown field', { colour: 'red' }, '/colour'],
    ['another id', { id: '0'.repeat(24) }, '/id'],
    ['an operator', { $set: { name: 'X' } }, '/$set'],
    ['an operator in a price', { price: { $inc: 1 } }, '/price/$inc'],
    ['an amount below zero', { price: { amount: -1 } }, '/price/amount'],
  ])('rejects %s with 400, and changes nothing', async (_, patch, pointer) => {
    const { product, path } = await addProduct({});
    const { status, body } = await call(handler, { path, body: patch });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ in: 'body', pointer }]);
    expect((await call(getProduct, { path })).body).toEqual(product);
  });

  it('answers 404 for an unknown product', async () => {
    const path = { product: '0'.repeat(24) };
    expect(await call(handler, { path, body: { name: 'X' } })).toMatchObject({ status: 404 });
  });
});
