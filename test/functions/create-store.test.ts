import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { settings } from '#lib/runtime/settings.ts';
import { Registry } from '#lib/stores/record.ts';
import { handler as createProduct } from '../../functions/create-product.ts';
import { handler } from '../../functions/create-store.ts';
import { handler as getStore } from '../../functions/get-store.ts';
import { aProduct } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';
import { closeDirect, direct, registry } from '../support/mirror.ts';
import { run } from '../support/settings.ts';

afterAll(closeDirect);

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
      cluster: 'primary',
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

  it('creates the database of a store on the cluster that the request names, and only there', async () => {
    const body = aStore({ cluster: 'eu-1' });
    const answer = await call(handler, { body });
    expect(answer).toMatchObject({ status: 201, body: { cluster: 'eu-1' } });
    const added = await call(createProduct, { path: { store: body.id }, body: aProduct() });
    expect(added.status).toBe(201);
    const name = `store_${body.id}`;
    expect(await direct.cluster.db(name).collection('products').countDocuments()).toBe(1);
    expect(await direct.primary.db(name).listCollections().toArray()).toEqual([]);
    const indexes = await direct.cluster.db(name).collection('products').indexes();
    expect(indexes).toContainEqual(expect.objectContaining({ key: { sku: 1 }, unique: true }));
  });

  it('answers 422 for an unknown cluster, and names those that exist', async () => {
    const body = aStore({ cluster: 'eu-2' });
    const answer = await call(handler, { body });
    expect(answer.status).toBe(422);
    expect(answer.body.type).toBe('urn:manystore:problem:unknown-cluster');
    expect(answer.body.errors).toEqual([
      { in: 'body', pointer: '/cluster', reason: 'must be one of primary, eu-1' },
    ]);
    expect(await registry().findOne({ _id: body.id })).toBeNull();
  });

  it('answers 403 to a token for some stores that names a cluster', async () => {
    const body = aStore({ cluster: 'nowhere' });
    const caller = { stores: `[${body.id}]` };
    const answer = await call(handler, { body, caller });
    expect(answer.status).toBe(403);
    expect(JSON.stringify(answer.body)).not.toContain('eu-1');
    const without = await call(handler, { body: { ...body, cluster: undefined }, caller });
    expect(without).toMatchObject({ status: 201, body: { cluster: 'primary' } });
  });

  describe('without a cluster and without DEFAULT_CLUSTER', () => {
    beforeEach(() => {
      settings().clusters.fallback = undefined;
    });
    afterEach(() => {
      settings().clusters.fallback = 'primary';
    });

    it('chooses the cluster with the fewest open stores', async () => {
      const counts = async () => {
        const entries = await registry().find({ status: 'active' }).toArray();
        const onEu = entries.filter((entry) => 'cluster' in entry && entry.cluster === 'eu-1');
        return { onEu: onEu.length, onPrimary: entries.length - onEu.length };
      };
      const { onEu, onPrimary } = await counts();
      // Until then, they fill up the smaller one; and then they alternate.
      for (let n = Math.abs(onPrimary - onEu); n > 0; n--) await call(handler, { body: aStore() });
      const even = await counts();
      expect(even.onEu).toBe(even.onPrimary);
      for (let n = 0; n < 4; n++) await call(handler, { body: aStore() });
      expect(await counts()).toEqual({ onEu: even.onEu + 2, onPrimary: even.onPrimary + 2 });
    });

    it('keeps the cluster of a creation that was interrupted by a crash', async () => {
      const body = aStore();
      for (const cluster of ['eu-1', 'primary']) {
        const { id: _id, ...fields } = { ...body, id: `${body.id}-${cluster}` };
        const half = { ...fields, cluster, status: 'active', version: 1, ready: false };
        await Registry.insertMany([{ _id, ...half, openedBy: 'a request that died' }]);
        const other = { ...fields, id: _id, cluster: cluster === 'eu-1' ? 'primary' : 'eu-1' };
        expect(await call(handler, { body: other })).toMatchObject({ status: 409 });
        const again = await call(handler, { body: { ...fields, id: _id } });
        expect(again).toMatchObject({ status: 201, body: { cluster } });
        const elsewhere = cluster === 'eu-1' ? direct.primary : direct.cluster;
        expect(await elsewhere.db(`store_${_id}`).listCollections().toArray()).toEqual([]);
      }
    });

    it('returns the same store, on the same cluster, to each request with the same key', async () => {
      const request = { body: aStore(), headers: { 'idempotency-key': 'once' } };
      const first = await call(handler, request);
      await call(handler, { body: aStore() });
      expect((await call(handler, request)).body).toEqual(first.body);
    });
  });

  it.each([
    ['a cluster with a capital', { cluster: 'EU-1' }, '/cluster'],
    ['an operator as a cluster', { cluster: { $ne: 'eu-1' } }, '/cluster'],
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
