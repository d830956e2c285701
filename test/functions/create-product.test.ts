import { describe, expect, it } from '@jest/globals';
import { handler } from '../../functions/create-product.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { aProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

describe('create-product', () => {
  it('creates a product in a store', async () => {
    const store = await openStore();
    const body = aProduct();
    const answer = await call(handler, { path: { store }, body });
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({
      location: `/stores/${store}/products/${answer.body.id}`,
      etag: '"1"',
    });
    expect(answer.body).toEqual({
      ...body,
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      status: 'active',
      store: { id: store, name: 'A Store' },
      version: 1,
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: answer.body.createdAt,
    });
    const read = await call(getProduct, { path: { store, product: answer.body.id } });
    expect(read.body).toEqual(answer.body);
  });

  it('creates a product in the head catalog, without a store', async () => {
    const { status, headers, body } = await call(handler, { body: aProduct() });
    expect(status).toBe(201);
    expect(headers.location).toBe(`/products/${body.id}`);
    expect(body).not.toHaveProperty('store');
  });

  it('sets the defaults of optional members', async () => {
    const { sku, name, price } = aProduct();
    const { body } = await call(handler, { body: { sku, name, price } });
    expect(body).toMatchObject({ tags: [], stock: 0, status: 'active', attributes: {} });
    expect(body).not.toHaveProperty('description');
  });

  it('answers 409 for a SKU that the catalog has, and names it', async () => {
    const store = await openStore();
    const body = aProduct();
    await call(handler, { path: { store }, body });
    const again = await call(handler, { path: { store }, body });
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({
      type: 'urn:manystore:problem:duplicate-key',
      errors: [{ in: 'body', pointer: '/sku' }],
      key: { sku: body.sku },
    });
  });

  it('accepts the SKU of one store in another store and in the head catalog', async () => {
    const body = aProduct();
    const paths = [{ store: await openStore() }, { store: await openStore() }, {}];
    for (const path of paths)
      expect(await call(handler, { path, body })).toMatchObject({ status: 201 });
  });

  it.each([['a store'], ['the head catalog']])(
    'creates one of many concurrent products with the same SKU in %s',
    async (where) => {
      const path: Record<string, string> = where === 'a store' ? { store: await openStore() } : {};
      const body = aProduct();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => call(handler, { path, body })),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
    },
  );

  it.each([
    ['no SKU', { sku: undefined }, '/sku'],
    ['a SKU of 65 characters', { sku: 'x'.repeat(65) }, '/sku'],
    ['an operator as a name', { name: { $ne: null } }, '/name'],
    ['a name of two lines', { name: 'Laptop\nPro' }, '/name'],
    ['a fraction of a cent', { price: { amount: 1.5, currency: 'USD' } }, '/price/amount'],
    ['an amount below zero', { price: { amount: -1, currency: 'USD' } }, '/price/amount'],
    ['an amount as text', { price: { amount: '100', currency: 'USD' } }, '/price/amount'],
    ['an unknown currency', { price: { amount: 1, currency: 'ABC' } }, '/price/currency'],
    ['a stock below zero', { stock: -1 }, '/stock'],
    ['an unknown status', { status: 'sold' }, '/status'],
    ['a duplicate tag', { tags: ['a', 'a'] }, '/tags'],
    ['a tag that is not text', { tags: ['a', 1] }, '/tags/1'],
    ['an attribute that is not text', { attributes: { size: 1 } }, '/attributes/size'],
    ['an attribute with a dot in its name', { attributes: { 'a.b': 'x' } }, '/attributes/a.b'],
    ['an attribute with a leading dollar sign', { attributes: { $set: 'x' } }, '/attributes/$set'],
    [
      'an attribute with a name that mongoose reserves',
      { attributes: { constructor: 'x' } },
      '/attributes/constructor',
    ],
    [
      'an attribute with a name that BSON reserves',
      { attributes: { _bsontype: 'x' } },
      '/attributes/_bsontype',
    ],
    ['an unknown field', { colour: 'red' }, '/colour'],
    ['an unknown field with a slash', { 'a/b~c': 1 }, '/a~1b~0c'],
    ['a version', { version: 7 }, '/version'],
  ])('rejects %s with 400, and creates nothing', async (_, changes, pointer) => {
    const store = await openStore();
    const { status, body } = await call(handler, {
      path: { store },
      body: { ...aProduct(), ...changes },
    });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ in: 'body', pointer, reason: expect.any(String) }]);
    const list = await call(listProducts, { path: { store } });
    expect(list.body.items).toEqual([]);
  });

  it('describes each fault in plain words', async () => {
    const { body } = await call(handler, {
      body: { ...aProduct(), price: { amount: 1.5 }, tags: 'x', stock: -1, status: 'sold' },
    });
    const reasons = body.errors.map((fault: { pointer: string; reason: string }) => [
      fault.pointer,
      fault.reason,
    ]);
    expect(Object.fromEntries(reasons)).toEqual({
      '/tags': 'must be of type array',
      '/price/amount': 'must be of type integer',
      '/price/currency': 'is required',
      '/stock': 'must be at least 0',
      '/status': 'must be one of draft, active',
    });
  });

  it('reports all faults at once', async () => {
    const { body } = await call(handler, { body: { name: '', stock: 'many' } });
    const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers.sort()).toEqual(['/name', '/price', '/sku', '/stock']);
  });

  it('answers 404 for an unknown store', async () => {
    const answer = await call(handler, { path: { store: 'nowhere' }, body: aProduct() });
    expect(answer.status).toBe(404);
  });
});
