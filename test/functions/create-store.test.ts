import { describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { Registry } from '#lib/stores/record.ts';
import { handler as createProduct } from '../../functions/create-product.ts';
import { handler } from '../../functions/create-store.ts';
import { handler as getStore } from '../../functions/get-store.ts';
import { aProduct } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';
import { run } from '../support/settings.ts';

let count = 0;
const aStore = (changes = {}) => ({
  id: `new-${run}-${++count}`,
  name: 'North Store',
  currency: 'EUR',
  ...changes,
});

describe('create-store', () => {
  it('returns the store, its path and its ETag', async () => {
    const body = aStore();
    const answer = await call(handler, { body });
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({ location: `/stores/${body.id}`, etag: '"1"' });
    expect(answer.body).toEqual({
      ...body,
      status: 'active',
      version: 1,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      updatedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it('creates a database for the store, with the indexes of its products', async () => {
    const body = aStore();
    await call(handler, { body });
    const products = mongoose.connection.useDb(`store_${body.id}`).collection('products');
    const unique = (await products.indexes()).filter((index) => index.unique);
    expect(unique).toMatchObject([{ key: { sku: 1 } }]);
  });

  it('answers 409 for an id that is taken', async () => {
    const body = aStore();
    await call(handler, { body });
    const again = await call(handler, { body: { ...body, name: 'Another' } });
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ key: { id: body.id } });
    const { body: kept } = await call(getStore, { path: { store: body.id } });
    expect(kept.name).toBe('North Store');
  });

  it('creates a store once for many concurrent requests', async () => {
    const body = aStore();
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(handler, { body })));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array(19).fill(409)]);
  });

  it('completes a store whose creation was interrupted by a crash', async () => {
    const body = aStore();
    const { id: _id, ...fields } = body;
    await Registry.insertMany([
      {
        _id,
        ...fields,
        status: 'active',
        version: 1,
        openedBy: 'a request that died',
        ready: false,
      },
    ]);
    expect(await call(getStore, { path: { store: _id } })).toMatchObject({ status: 404 });
    expect(await call(handler, { body })).toMatchObject({ status: 201 });
    const added = await call(createProduct, { path: { store: _id }, body: aProduct() });
    expect(added.status).toBe(201);
  });

  it.each([
    ['an id with a capital', { id: 'North' }, '/id'],
    ['an id of 31 characters', { id: 'a'.repeat(31) }, '/id'],
    ['an empty id', { id: '' }, '/id'],
    ['an id with a leading hyphen', { id: '-north' }, '/id'],
    ['a blank name', { name: ' ' }, '/name'],
    ['no name', { name: undefined }, '/name'],
    ['a currency that is not in ISO 4217', { currency: 'EUX' }, '/currency'],
    ['a currency in lower case', { currency: 'eur' }, '/currency'],
    ['an unknown field', { colour: 'red' }, '/colour'],
    ['an operator as an id', { id: { $gt: '' } }, '/id'],
  ])('rejects %s with 400', async (_, changes, pointer) => {
    const { status, headers, body } = await call(handler, { body: aStore(changes) });
    expect(status).toBe(400);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(body.errors).toEqual([{ in: 'body', pointer, reason: expect.any(String) }]);
  });
});
