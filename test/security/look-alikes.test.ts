import { afterAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { newRecord } from '#lib/products/record.ts';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler as createProduct } from '../../functions/create-product.ts';
import { handler as createStore } from '../../functions/create-store.ts';
import { handler as exportProducts } from '../../functions/export-products.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as getStore } from '../../functions/get-store.ts';
import { handler as importProducts } from '../../functions/import-products.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler as publishProduct } from '../../functions/publish-product.ts';
import { handler as restoreProduct } from '../../functions/restore-product.ts';
import { handler as syncMirror } from '../../functions/sync-mirror.ts';
import { handler as transferStock } from '../../functions/transfer-stock.ts';
import { handler as updateProduct } from '../../functions/update-product.ts';
import { handler as updateStore } from '../../functions/update-store.ts';
import { addProduct, addProducts, aProduct, openStore } from '../support/catalog.ts';
import { call, invoke } from '../support/gateway.ts';
import { closeDirect, direct, productsOf, registry } from '../support/mirror.ts';
import { run } from '../support/settings.ts';

afterAll(closeDirect);

/** One text in two forms. */
const NFC = 'Caf\u00e9';
const NFD = 'Cafe\u0301';
const price = { amount: 100, currency: 'EUR' };

/** Adds a product directly to a store's database, as it was stored before texts were normalized. */
async function storeOld(store: string, changes: Partial<ReturnType<typeof aProduct>>) {
  const record = newRecord(aProduct(changes), new Date());
  await productsOf(store).insertOne(record);
  return { store, product: record._id.toHexString() };
}

const importAs = (store: string, type: string, body: string) =>
  call(importProducts, { path: { store }, body, headers: { 'content-type': type } });
const skusIn = async (store: string): Promise<string[]> =>
  (await productsOf(store).find().sort({ _id: 1 }).toArray()).map(({ sku }) => sku);

describe('a text in another Unicode form', () => {
  it('is the same SKU: creating it a second time is a 409', async () => {
    const store = await openStore();
    const first = await call(createProduct, { path: { store }, body: aProduct({ sku: NFD }) });
    expect([first.status, first.body.sku]).toEqual([201, NFC]);
    for (const sku of [NFC, NFD]) {
      const again = await call(createProduct, { path: { store }, body: aProduct({ sku }) });
      expect([again.status, again.body.key]).toEqual([409, { sku: NFC }]);
    }
    const { path } = await addProduct({ store });
    expect((await call(updateProduct, { path, body: { sku: NFD } })).status).toBe(409);
  });

  it.each([
    ['JSON', 'application/json', JSON.stringify([{ sku: NFD, stock: 99 }])],
    ['NDJSON', 'application/x-ndjson', JSON.stringify({ sku: NFD, stock: 99 })],
    ['CSV', 'text/csv', `sku,stock\n${NFD},99`],
  ])('updates the product that an import in %s names', async (_, type, body) => {
    const store = await openStore();
    await addProduct({ store }, { sku: NFC });
    expect((await importAs(store, type, body)).body).toMatchObject({ updated: 1, failed: [] });
    expect((await importAs(store, type, body)).body).toMatchObject({ unchanged: 1, failed: [] });
    expect(await productsOf(store).find().toArray()).toMatchObject([{ sku: NFC, stock: 99 }]);
  });

  it('is the same SKU on two lines of a file', async () => {
    const store = await openStore();
    const rows = [NFC, NFD].map((sku) => ({ sku, name: 'Table', price }));
    const { body } = await importAs(store, 'application/json', JSON.stringify(rows));
    expect(body).toMatchObject({ created: 1, failed: [{ line: 2, sku: NFC }] });
    expect(body.failed[0].reason).toContain('is already on line 1');
  });

  it('is stored composed in each text that is compared', async () => {
    const store = await openStore();
    const texts = { sku: NFD, name: NFD, category: NFD, tags: [NFD, 'a'] };
    const expected = { sku: NFC, name: NFC, category: NFC, tags: [NFC, 'a'] };
    const created = await call(createProduct, { path: { store }, body: { ...texts, price } });
    expect(created.body).toMatchObject(expected);
    const { path } = await addProduct({ store });
    const { sku, ...others } = texts;
    const patched = await call(updateProduct, { path, body: others });
    expect(patched.body).toMatchObject({ ...expected, sku: expect.any(String) });
    const rows = JSON.stringify([{ ...texts, sku: `${NFD}-2`, price }]);
    expect((await importAs(store, 'application/json', rows)).body).toMatchObject({ created: 1 });
    const stored = await productsOf(store).findOne({ sku: `${NFC}-2` });
    expect(stored).toMatchObject({ ...expected, sku: `${NFC}-2` });
    const id = `${store}-n`;
    const opened = await call(createStore, { body: { id, name: NFD, currency: 'EUR' } });
    expect(opened.body.name).toBe(NFC);
    const path2 = { store: id };
    const renamed = await call(updateStore, { path: path2, body: { name: `${NFD} 2` } });
    expect(renamed.body.name).toBe(`${NFC} 2`);
  });

  it('counts as a duplicate tag', async () => {
    const { status, body } = await call(createProduct, { body: aProduct({ tags: [NFC, NFD] }) });
    expect([status, body.errors[0].pointer]).toEqual([400, '/tags']);
  });

  it('finds the product, whichever form is stored', async () => {
    const store = await openStore();
    await addProduct({ store }, { sku: 'new', name: NFC, category: NFC, tags: [NFC] });
    await storeOld(store, { sku: 'old', name: NFD, category: NFD, tags: [NFD] });
    for (const form of [NFC, NFD])
      for (const query of [{ q: form }, { category: form }, { tag: form }]) {
        const { body } = await call(listProducts, { path: { store }, query });
        const skus = body.items.map(({ sku }: { sku: string }) => sku);
        expect([query, skus.sort()]).toEqual([query, ['new', 'old']]);
      }
  });

  it('keeps the same cursor', async () => {
    const store = await openStore();
    for (const sku of ['1', '2']) await addProduct({ store }, { sku, category: NFC });
    const list = (category: string, more = {}) =>
      call(listProducts, { path: { store }, query: { category, limit: '1', ...more } });
    const { body } = await list(NFC);
    expect((await list(NFD, { cursor: body.next })).body.items).toMatchObject([{ sku: '2' }]);
  });

  it('is the same SKU in a transfer', async () => {
    const [from, to] = [await openStore(), await openStore()];
    await addProduct({ store: from }, { sku: NFC, stock: 9 });
    await storeOld(to, { sku: NFD, stock: 0 });
    for (const sku of [NFC, NFD]) {
      const body = { from, to, sku, quantity: 2 };
      expect(await call(transferStock, { body })).toMatchObject({
        status: 201,
        body: { sku: NFC },
      });
    }
    expect(await productsOf(to).find().toArray()).toMatchObject([{ sku: NFD, stock: 4 }]);
  });
});

describe('a stored SKU that is not normalized', () => {
  it.each([NFC, NFD])('is found by an import of either form, and normalized: %j', async (sku) => {
    const store = await openStore();
    await storeOld(store, { sku: NFD });
    const rows = JSON.stringify([{ sku, name: 'Table', price, stock: 5 }]);
    const { body } = await importAs(store, 'application/json', rows);
    expect(body).toMatchObject({ created: 0, updated: 1, failed: [] });
    expect(await productsOf(store).find().toArray()).toMatchObject([{ sku: NFC, stock: 5 }]);
  });

  it.each([NFC, NFD])(
    'stays as it is where both forms are stored: an import of %j',
    async (sku) => {
      const store = await openStore();
      await addProduct({ store }, { sku: NFC, stock: 1 });
      await storeOld(store, { sku: NFD, stock: 1 });
      const rows = JSON.stringify([{ sku, stock: 5 }]);
      const { body } = await importAs(store, 'application/json', rows);
      expect(body).toMatchObject({ updated: 1, failed: [] });
      const stored = await productsOf(store).find().sort({ _id: 1 }).toArray();
      expect(stored).toMatchObject([
        { sku: NFC, stock: 5 },
        { sku: NFD, stock: 1 },
      ]);
    },
  );

  it('is not created a second time, and not taken by another product', async () => {
    const store = await openStore();
    const old = await storeOld(store, { sku: NFD });
    const created = await call(createProduct, { path: { store }, body: aProduct({ sku: NFC }) });
    expect(created.status).toBe(409);
    const { path } = await addProduct({ store });
    expect((await call(updateProduct, { path, body: { sku: NFC } })).status).toBe(409);
    const own = await call(updateProduct, { path: old, body: { sku: NFC } });
    expect([own.status, own.body.sku]).toEqual([200, NFC]);
  });

  it('keeps its form when a product is published to its store', async () => {
    const store = await openStore();
    const sku = `${NFC}-${run}-${new Types.ObjectId()}`;
    await storeOld(store, { sku: sku.normalize('NFD') });
    const { path } = await addProduct({}, { sku, name: 'Published' });
    const publish = () => call(publishProduct, { path, body: { stores: [store] } });
    expect((await publish()).body.results).toEqual([{ store, result: 'updated' }]);
    expect((await publish()).body.results).toEqual([{ store, result: 'unchanged' }]);
    const stored = await productsOf(store).find().toArray();
    expect(stored).toMatchObject([{ sku: sku.normalize('NFD'), name: 'Published' }]);
  });
});

const BIDI = [...'\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c'];
const INVISIBLE = ['\u200b', '\u00ad\u2060', '\u3164', '\u2800', '\ufe0f'];
const codes = (text: string) => [...text].map((c) => c.codePointAt(0)?.toString(16)).join(' ');

describe('a deceptive text', () => {
  const cases = [
    ...BIDI.map((c) => [codes(c), `A${c}B`, 'controls the direction of text'] as const),
    ...INVISIBLE.map((text) => [codes(text), text, 'must contain a visible character'] as const),
    ['31 marks', `a${'\u0301'.repeat(32)}`, 'combining marks'] as const,
  ];

  it.each(cases)('with %s is rejected with 400 in each line', async (_, text, reason) => {
    for (const [changes, pointer] of [
      [{ sku: text }, '/sku'],
      [{ name: text }, '/name'],
      [{ category: text }, '/category'],
      [{ tags: ['a', text] }, '/tags/1'],
    ] as const) {
      const { status, body } = await call(createProduct, { body: { ...aProduct(), ...changes } });
      expect([status, body.errors]).toEqual([
        400,
        [{ in: 'body', pointer, reason: expect.stringContaining(reason) }],
      ]);
    }
    const store = { id: `d-${run}`, name: text, currency: 'EUR' };
    const { status, body } = await call(createStore, { body: store });
    expect([status, body.errors]).toMatchObject([400, [{ pointer: '/name' }]]);
  });

  it.each(['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\ufe0f'])(
    'is a SKU with an invisible character: %j, but not a name',
    async (invisible) => {
      const text = `A${invisible}B`;
      const store = await openStore();
      const path = { store };
      const { status, body } = await call(createProduct, { path, body: aProduct({ sku: text }) });
      expect([status, body.errors]).toEqual([
        400,
        [{ in: 'body', pointer: '/sku', reason: expect.stringContaining('invisible character') }],
      ]);
      const named = await call(createProduct, { path, body: aProduct({ name: text }) });
      expect([named.status, named.body.name]).toEqual([201, text]);
    },
  );

  it.each([
    ['a new product', 'NEW'],
    ['a stored product', 'OLD'],
  ])('fails only its row in an import: %s', async (_, sku) => {
    const store = await openStore();
    await addProduct({ store }, { sku: 'OLD', name: 'Table' });
    const rows = [
      { sku, name: 'A\u202eB', price },
      { sku: 'OTHER', name: 'Table', price },
      { sku: 'X\u200bY', name: 'Table', price },
    ];
    const { body } = await importAs(store, 'application/json', JSON.stringify(rows));
    expect(body).toMatchObject({ created: 1, updated: 0, unchanged: 0 });
    expect(body.failed).toEqual([
      { line: 1, sku, reason: expect.stringMatching(/^\/name must not contain a character that/) },
      { line: 3, sku: 'X\u200bY', reason: expect.stringMatching(/^\/sku .*invisible/) },
    ]);
    expect(await skusIn(store)).toEqual(['OLD', 'OTHER']);
  });
});

describe('a stored text that would be rejected today', () => {
  const odd = { sku: 'A\u200bB', name: 'A\u202eB', category: '\u3164', tags: ['\u200b'] };

  it('is reported by sync-mirror, and so is one in another Unicode form', async () => {
    const store = await openStore();
    await addProducts({ store }, [{}, {}]);
    await storeOld(store, { sku: NFD });
    await storeOld(store, odd);
    const result = await invoke(syncMirror, { stores: [store], from: 'start' });
    expect(result).toMatchObject({ copied: 4, nonconforming: 2 });
    expect(result.nonconformities).toEqual([
      {
        store,
        id: expect.any(String),
        sku: NFD,
        reason: '/sku must be in Unicode form NFC',
      },
      {
        store,
        id: expect.any(String),
        sku: odd.sku,
        reason: expect.stringMatching(/^\/sku .*; \/name .*; \/category .*; \/tags\/0 /),
      },
    ]);
  });

  it('is reported in the head catalog when everything is synced from the start', async () => {
    const record = newRecord(aProduct({ name: NFD }), new Date());
    await direct.primary.db().collection('products').insertOne(record);
    const all = await invoke(syncMirror, { from: 'start' });
    const id = record._id.toHexString();
    expect(all.nonconformities).toContainEqual(expect.objectContaining({ store: null, id }));
    const later = await invoke(syncMirror, {});
    expect(later.nonconformities).not.toContainEqual(expect.objectContaining({ id }));
  });

  it('can be read, listed and exported, and other fields can be changed', async () => {
    const store = await openStore();
    const path = await storeOld(store, odd);
    expect(await call(getProduct, { path })).toMatchObject({ status: 200, body: odd });
    const list = await call(listProducts, { path: { store } });
    expect(list.body.items).toMatchObject([odd]);
    const patched = await call(updateProduct, { path, body: { stock: 3 } });
    expect([patched.status, patched.body]).toMatchObject([200, { ...odd, stock: 3 }]);
    const wrong = await call(updateProduct, { path, body: { name: '\u202e' } });
    expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([400, '/name']);
    const { body: file } = await call(exportProducts, {
      path: { store },
      query: { format: 'ndjson' },
    });
    const changed = file.replace('"stock":3', '"stock":4');
    expect((await importAs(store, 'application/x-ndjson', file)).body.unchanged).toBe(1);
    expect((await importAs(store, 'application/x-ndjson', changed)).body.updated).toBe(1);
    const right = { category: null, name: 'Table' };
    expect((await call(updateProduct, { path, body: right })).status).toBe(200);
  });

  it('can be archived and restored', async () => {
    const store = await openStore();
    const path = await storeOld(store, odd);
    expect((await call(archiveProduct, { path })).status).toBeLessThan(300);
    const wrong = await call(restoreProduct, { path, body: { name: 'A\u202eC' } });
    expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([422, '/name']);
    const restored = await call(restoreProduct, { path });
    expect([restored.status, restored.body]).toMatchObject([201, odd]);
  });

  it('can be the name of a store', async () => {
    const store = await openStore();
    const name = 'A\u202eB';
    await registry().updateOne({ _id: store }, { $set: { name } });
    const path = { store };
    expect((await call(getStore, { path })).body.name).toBe(name);
    const suspended = await call(updateStore, { path, body: { status: 'suspended' } });
    expect([suspended.status, suspended.body.name]).toEqual([200, name]);
  });
});
