import { describe, expect, it } from '@jest/globals';
import { handler } from '../../functions/get-product.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

describe('get-product', () => {
  it.each([['a store'], ['the head catalog']])('returns a product of %s', async (where) => {
    const catalog = where === 'a store' ? { store: await openStore() } : {};
    const { product, path } = await addProduct(catalog);
    const { status, headers, body } = await call(handler, { path });
    expect([status, headers.etag]).toEqual([200, '"1"']);
    expect(body).toEqual(product);
  });

  it('answers 304 without a body when If-None-Match is current', async () => {
    const { path } = await addProduct({});
    for (const tags of ['"1"', 'W/"1"', '"7", "1"', '*']) {
      const { status, body } = await call(handler, { path, headers: { 'if-none-match': tags } });
      expect([tags, status, body]).toEqual([tags, 304, undefined]);
    }
  });

  it('returns the product when If-None-Match is not current', async () => {
    const { path } = await addProduct({});
    const { status } = await call(handler, { path, headers: { 'if-none-match': '"2"' } });
    expect(status).toBe(200);
  });

  it('rejects an ETag without quotes with 400', async () => {
    const { path } = await addProduct({});
    const { status, body } = await call(handler, { path, headers: { 'if-none-match': '1' } });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ in: 'headers', pointer: '/if-none-match' }]);
  });

  it('answers 404 for a product of another store', async () => {
    const { path } = await addProduct({ store: await openStore() });
    const elsewhere = { ...path, store: await openStore() };
    const { status, body } = await call(handler, { path: elsewhere });
    expect(status).toBe(404);
    expect(body.detail).toBe('The product does not exist.');
  });

  it('rejects an invalid id with 400', async () => {
    const { status, body } = await call(handler, { path: { product: '123' } });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ in: 'path', pointer: '/product' }]);
  });

  it('rejects a body with 400', async () => {
    const { path } = await addProduct({});
    const { status, body } = await call(handler, { path, body: {} });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ in: 'body', pointer: '' }]);
  });
});
