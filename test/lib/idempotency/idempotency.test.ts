import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { mongo } from 'mongoose';
import { leaseStore } from '#lib/connections.ts';
import { hashOf } from '#lib/http/idempotency-key.ts';
import { runAtLeastOnce, runExactlyOnce } from '#lib/idempotency/idempotency.ts';
import { idempotencyOn } from '#lib/idempotency/record.ts';
import { productInput } from '#lib/products/schema.ts';
import { handler as createProduct } from '../../../functions/create-product.ts';
import { handler as createStore } from '../../../functions/create-store.ts';
import { handler as listProducts } from '../../../functions/list-products.ts';
import { handler as transferStock } from '../../../functions/transfer-stock.ts';
import { aProduct, openStore, placeOf } from '../../support/catalog.ts';
import { call } from '../../support/gateway.ts';
import { run } from '../../support/settings.ts';

const aKey = () => ({ 'idempotency-key': randomUUID() });

async function recordOf(store: string) {
  using lease = await leaseStore(placeOf(store));
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
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(31);
    }
  });

  it('may consist of the operators of the database: it is only text', async () => {
    const store = await openStore();
    const headers = { 'idempotency-key': '$$NOW' };
    const request = { path: { store }, body: aProduct({ name: '$$ROOT' }), headers };
    const first = await call(createProduct, request);
    expect(first).toMatchObject({ status: 201, body: { name: '$$ROOT' } });
    expect((await call(createProduct, request)).body).toEqual(first.body);
    // A claim is an update with a pipeline, in which text that begins with $ would be an expression.
    const signal = new AbortController().signal;
    using lease = await leaseStore(placeOf(store));
    const key = { caller: '$claim', key: '$result', fingerprint: '$$ROOT' };
    const run = () =>
      runAtLeastOnce({ database: lease.connection, signal }, key, () => Promise.resolve(1));
    expect([await run(), await run()]).toEqual([1, 1]);
    const { records } = await recordOf(store);
    expect(await records.findById(hashOf(['$claim', '$result'])).lean()).toMatchObject({
      fingerprint: '$$ROOT',
      result: '1',
    });
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
    await call(createProduct, { ...request, timeLeft: 3_500 });
    const { records, record } = await recordOf(store);
    // The state while the first invocation runs: the key is reserved, and no result is recorded.
    await records.collection.updateOne({}, { $set: { result: null } });
    await records.db.collection('products').deleteMany({});
    // The key is reserved for as long as the invocation may run, which is until 500 ms before its end, and a second.
    const claimedMs = record?.claimedUntil.getTime() ?? 0;
    const keptMs = record?.expiresAt.getTime() ?? 0;
    expect(24 * 60 * 60 * 1_000 - (keptMs - claimedMs)).toBeLessThanOrEqual(4_001);
    await records.updateOne({}, { claimedUntil: new Date(Date.now() + 20_000) });
    const early = await call(createProduct, request);
    expect(early.status).toBe(409);
    expect(Number(early.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(early.headers['retry-after'])).toBeLessThanOrEqual(25);
    await records.updateOne({}, { claimedUntil: new Date(Date.now() - 1) });
    expect(await call(createProduct, request)).toMatchObject({ status: 201 });
    const after = await recordOf(store);
    expect(after.record?.claim).not.toBe(record?.claim);
  });

  it('is lost by an invocation that was taken over, which then commits nothing (409)', async () => {
    const store = await openStore();
    using lease = await leaseStore(placeOf(store));
    const database = lease.connection;
    const target = { database, signal: new AbortController().signal };
    const key = { caller: 'a', key: 'b', fingerprint: 'c' };
    const effects = await database.createCollection<{ of: string }>('effects');
    const { promise: hasWritten, resolve: wrote } = Promise.withResolvers<void>();
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    const write = (of: string) => (session?: mongo.ClientSession) =>
      effects.insertOne({ of }, session ? { session } : {});
    const first = runExactlyOnce(target, key, async (session) => {
      await write('the first')(session);
      wrote();
      await mayEnd;
      return 'the first';
    });
    await hasWritten;
    await idempotencyOn(database).updateOne({}, { claimedUntil: new Date(0) });
    const second = async (session?: mongo.ClientSession) => {
      await write('the second')(session);
      return 'the second';
    };
    expect(await runExactlyOnce(target, key, second)).toBe('the second');
    end();
    await expect(first).rejects.toMatchObject({ status: 409 });
    expect(await effects.find().toArray()).toMatchObject([{ of: 'the second' }]);
    expect(await runExactlyOnce(target, key, second)).toBe('the second');
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
