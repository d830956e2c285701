import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { leaseStore } from '#lib/connections.ts';
import { hashOf } from '#lib/http/idempotency-key.ts';
import { idempotencyOn } from '#lib/idempotency/record.ts';
import { productInput } from '#lib/products/schema.ts';
import { handler as createProduct } from '../../../functions/create-product.ts';
import { handler as createStore } from '../../../functions/create-store.ts';
import { handler as listProducts } from '../../../functions/list-products.ts';
import { handler as transferStock } from '../../../functions/transfer-stock.ts';
import { aProduct, openStore } from '../../support/catalog.ts';
import { call } from '../../support/gateway.ts';
import { run } from '../../support/settings.ts';

const aKey = () => ({ 'idempotency-key': randomUUID() });

async function recordOf(store: string) {
  using lease = await leaseStore(store as never);
  const records = idempotencyOn(lease.connection);
  return { records, record: await records.findOne().lean() };
}

describe('an Idempotency-Key', () => {
  it('returns the first response again, and creates nothing twice', async () => {
    const store = await openStore();
    const request = { path: { store }, body: aProduct(), headers: aKey() };
    const first = await call(createProduct, request);
    const second = await call(createProduct, request);
    expect(first.status).toBe(201);
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect(second.headers).toMatchObject({
      location: first.headers.location,
      etag: first.headers.etag,
    });
    const { body } = await call(listProducts, { path: { store } });
    expect(body.items).toHaveLength(1);
  });

  it('is stored as a hash of the caller and the key, with a hash of the request', async () => {
    const store = await openStore();
    const headers = { 'idempotency-key': 'a-key' };
    const body = { sku: 'A-1', name: 'Lamp', price: { amount: 1_999, currency: 'EUR' } };
    await call(createProduct, { path: { store }, body, headers });
    const { record } = await recordOf(store);
    const url = `/stores/${store}/products`;
    expect(record?.fingerprint).toBe(hashOf([url, productInput.parse(body)]));
    const subject = JSON.stringify(['https://issuer.example', 'subject', 'somebody']);
    expect(record?._id).toBe(hashOf([subject, 'a-key']));
  });

  it('covers the same request in another Unicode form, with the fingerprint of the composed one', async () => {
    const store = await openStore();
    const headers = { 'idempotency-key': 'a-key' };
    const price = { amount: 1, currency: 'EUR' };
    const create = (form: string) => {
      const body = { sku: 'Caf\u00e9'.normalize(form), name: 'Caf\u00e9'.normalize(form), price };
      return call(createProduct, { path: { store }, body, headers });
    };
    const first = await create('NFC');
    expect(await create('NFD')).toMatchObject({ status: 201, body: first.body });
    const { record } = await recordOf(store);
    const text = `["/stores/${store}/products",{"sku":"Caf\u00e9","name":"Caf\u00e9","tags":[],"price":{"amount":1,"currency":"EUR"},"stock":0,"status":"active","attributes":{}}]`;
    expect(record?.fingerprint).toBe(createHash('sha256').update(text).digest('base64url'));
  });

  it('answers 422 with another body, and with another request', async () => {
    const store = await openStore();
    const request = { path: { store }, body: aProduct(), headers: aKey() };
    await call(createProduct, request);
    const other = await call(createProduct, { ...request, body: aProduct() });
    expect([other.status, other.body.errors[0].pointer]).toEqual([422, '/idempotency-key']);
    const { body } = await call(listProducts, { path: { store } });
    expect(body.items).toHaveLength(1);
  });

  it('answers 409 to concurrent requests while the first one runs', async () => {
    const store = await openStore();
    const request = { path: { store }, body: aProduct(), headers: aKey() };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call(createProduct, request)),
    );
    const created = answers.filter(({ status }) => status === 201);
    const running = answers.filter(({ status }) => status === 409);
    expect(created.length).toBeGreaterThan(0);
    expect(created.length + running.length).toBe(20);
    expect(new Set(created.map(({ body }) => body.id)).size).toBe(1);
    for (const { body, headers } of running) {
      expect(body.type).toBe('urn:manystore:problem:still-running');
      expect(headers['retry-after']).toBe('2');
    }
  });

  it('belongs to the store: the same key in another store runs on its own', async () => {
    const [one, other] = [await openStore(), await openStore()];
    const headers = aKey();
    const body = aProduct();
    const first = await call(createProduct, { path: { store: one }, body, headers });
    const second = await call(createProduct, { path: { store: other }, body, headers });
    const inHead = await call(createProduct, { body, headers });
    expect([first.status, second.status, inHead.status]).toEqual([201, 201, 201]);
    expect(new Set([first.body.id, second.body.id, inHead.body.id]).size).toBe(3);
    const changed = await call(createProduct, { path: { store: one }, body: aProduct(), headers });
    expect([changed.status, changed.body.title]).toEqual([422, 'Idempotency-Key reused']);
    const again = await call(createProduct, { path: { store: other }, body, headers });
    expect([again.status, again.body]).toEqual([201, second.body]);
  });

  it('of a transfer belongs to the store that the stock leaves', async () => {
    const [from, to] = [await openStore(), await openStore()];
    const product = aProduct();
    for (const store of [from, to]) await call(createProduct, { path: { store }, body: product });
    const headers = aKey();
    const transfer = { from, to, sku: product.sku, quantity: 1 };
    const back = { ...transfer, from: to, to: from };
    const more = { ...transfer, quantity: 2 };
    const statuses: number[] = [];
    for (const body of [transfer, back, more, transfer])
      statuses.push((await call(transferStock, { body, headers })).status);
    expect(statuses).toEqual([201, 201, 422, 201]);
  });

  it('is released by a failed request', async () => {
    const store = await openStore();
    const taken = aProduct();
    await call(createProduct, { path: { store }, body: taken });
    const headers = aKey();
    const failed = await call(createProduct, { path: { store }, body: taken, headers });
    expect(failed.status).toBe(409);
    const another = await call(createProduct, { path: { store }, body: aProduct(), headers });
    expect(another.status).toBe(201);
  });

  it('can be used again after it expires', async () => {
    const store = await openStore();
    const headers = aKey();
    const first = await call(createProduct, { path: { store }, body: aProduct(), headers });
    const { records } = await recordOf(store);
    await records.updateOne({}, { expiresAt: new Date(Date.now() - 1) });
    const second = await call(createProduct, { path: { store }, body: aProduct(), headers });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.id).not.toBe(first.body.id);
  });

  it('is taken over from an interrupted invocation', async () => {
    const store = await openStore();
    const request = { path: { store }, body: aProduct(), headers: aKey() };
    await call(createProduct, request);
    const { records, record } = await recordOf(store);
    // The state while the first invocation runs: the key is reserved, and no result is recorded.
    await records.collection.updateOne({}, { $set: { result: null } });
    await records.db.collection('products').deleteMany({});
    expect(await call(createProduct, request)).toMatchObject({ status: 409 });
    await records.updateOne({}, { claimedUntil: new Date(Date.now() - 1) });
    expect(await call(createProduct, request)).toMatchObject({ status: 201 });
    const after = await recordOf(store);
    expect(after.record?.claim).not.toBe(record?.claim);
  });

  it('expires through a TTL index', async () => {
    const store = await openStore();
    await call(createProduct, { path: { store }, body: aProduct(), headers: aKey() });
    const { records } = await recordOf(store);
    const indexes = await records.collection.indexes();
    expect(indexes).toContainEqual(
      expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }),
    );
  });

  it('creates a store once, also when the response was lost', async () => {
    const body = { id: `once-${run}`, name: 'Once', currency: 'EUR' };
    const headers = aKey();
    const first = await call(createStore, { body, headers });
    expect(first.status).toBe(201);
    expect((await call(createStore, { body, headers })).body).toEqual(first.body);
    expect(await call(createStore, { body })).toMatchObject({ status: 409 });
    expect(await call(createStore, { body, headers: aKey() })).toMatchObject({ status: 409 });
  });

  it.each([
    ['nothing', ''],
    ['256 characters', 'x'.repeat(256)],
    ['a space', 'a b'],
    ['an umlaut', 'ä'],
  ])('of %s is rejected with 400', async (_, key) => {
    const headers = { 'idempotency-key': key };
    const answer = await call(createProduct, { body: aProduct(), headers });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ in: 'headers', pointer: '/idempotency-key' }]);
  });
});
