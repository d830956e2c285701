import { describe, expect, it } from '@jest/globals';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler } from '../../functions/import-products.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler as updateProduct } from '../../functions/update-product.ts';
import { addProduct, addProducts, aProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';
import { shareOf } from '../support/length.ts';

const types = { json: 'application/json', ndjson: 'application/x-ndjson', csv: 'text/csv' };

/** Imports a text into a store. */
async function importText(
  store: string,
  type: keyof typeof types,
  text: string,
  headers: Record<string, string> = {},
) {
  const path = { store };
  return call(handler, { path, body: text, headers: { 'content-type': types[type], ...headers } });
}

const importRows = (store: string, rows: unknown[], headers = {}) =>
  importText(store, 'json', JSON.stringify(rows), headers);
const importCsv = (store: string, ...lines: string[]) => importText(store, 'csv', lines.join('\n'));

/** The first hundred products of a store, by SKU. */
async function productsOf(store: string) {
  const { body } = await call(listProducts, { path: { store }, query: { limit: '100' } });
  return Object.fromEntries(body.items.map((item: { sku: string }) => [item.sku, item]));
}

const price = { amount: 100, currency: 'EUR' };
const minimal = (sku: string, changes: object = {}) => ({ sku, name: 'Table', price, ...changes });
const counts = { created: 0, updated: 0, unchanged: 0, failed: [] };

describe('import-products', () => {
  it.each([
    ['json', JSON.stringify([minimal('A'), minimal('B', { stock: 5 })])],
    ['ndjson', `${JSON.stringify(minimal('A'))}\n${JSON.stringify(minimal('B', { stock: 5 }))}\n`],
    ['csv', 'sku,name,amount,currency,stock\nA,Table,100,EUR,\nB,Table,100,EUR,5\n'],
  ] as const)('creates the products of %s, with default values', async (type, text) => {
    const store = await openStore();
    const { status, body } = await importText(store, type, text);
    expect([status, body]).toEqual([200, { ...counts, created: 2 }]);
    expect(await productsOf(store)).toMatchObject({
      A: { name: 'Table', price, tags: [], stock: 0, status: 'active', attributes: {}, version: 1 },
      B: { name: 'Table', price, stock: 5 },
    });
  });

  it('imports into the head catalog, where text search finds the products', async () => {
    const name = `Zither${Date.now()}`;
    const { sku } = aProduct();
    const answer = await call(handler, { body: [minimal(sku, { name })] });
    expect(answer.body).toEqual({ ...counts, created: 1 });
    const { body } = await call(listProducts, { query: { q: name } });
    expect(body.items).toMatchObject([{ sku }]);
  });

  it("updates the product with the row's SKU, and keeps omitted members", async () => {
    const store = await openStore();
    const { product } = await addProduct({ store }, { attributes: { color: 'grey', size: 'L' } });
    const { sku } = product;
    const change = { sku, price: { amount: 5 }, attributes: { color: null, width: '1 m' } };
    const { body } = await importRows(store, [change, minimal('NEW')]);
    expect(body).toEqual({ ...counts, created: 1, updated: 1 });
    const { [sku]: changed } = await productsOf(store);
    expect(changed).toEqual({
      ...product,
      price: { amount: 5, currency: 'USD' },
      attributes: { size: 'L', width: '1 m' },
      version: 2,
      updatedAt: expect.any(String),
    });
    expect(Date.parse(changed.updatedAt)).toBeGreaterThanOrEqual(Date.parse(product.updatedAt));
  });

  it('removes an optional member that is null or an empty cell', async () => {
    const store = await openStore();
    const one = (await addProduct({ store })).product;
    const other = (await addProduct({ store })).product;
    const nulls = { description: null, category: null, tags: null, stock: null, status: null };
    const byJson = await importRows(store, [
      { sku: one.sku, ...nulls, attributes: { color: null } },
    ]);
    const byCsv = await importCsv(
      store,
      'sku,description,category,tags,amount,currency,stock,status,attributes.color',
      `${other.sku},,,,,,,,`,
    );
    for (const { body } of [byJson, byCsv]) expect(body).toEqual({ ...counts, updated: 1 });
    for (const product of Object.values(await productsOf(store))) {
      expect(product).toMatchObject({ tags: [], stock: 12, status: 'active', attributes: {} });
      expect(product).toMatchObject({ price: { amount: 129_999, currency: 'USD' } });
      expect(product).not.toHaveProperty('description');
      expect(product).not.toHaveProperty('category');
    }
  });

  it('changes nothing when a file is imported again', async () => {
    const store = await openStore();
    const rows = Array.from({ length: 50 }, (_, i) => minimal(`S-${i}`, { description: null }));
    expect((await importRows(store, rows)).body).toEqual({ ...counts, created: 50 });
    const before = await productsOf(store);
    expect((await importRows(store, rows)).body).toEqual({ ...counts, unchanged: 50 });
    expect(await productsOf(store)).toEqual(before);
  });

  it.each([
    ['no name', { sku: 'X', price }, '/name is required'],
    ['no price', { sku: 'X', name: 'Table' }, '/price is required'],
    [
      'half a price',
      { sku: 'X', name: 'Table', price: { amount: 1 } },
      '/price/currency is required',
    ],
    ['an unknown member', minimal('X', { colour: 'red' }), '/colour is not recognized'],
    ['an unknown member that is null', minimal('X', { colour: null }), '/colour is not recognized'],
    [
      'an unknown null in its price',
      minimal('X', { price: { ...price, vat: null } }),
      '/price/vat is not recognized',
    ],
    ['a name that is null', minimal('X', { name: null }), '/name is required'],
    [
      'an amount below zero',
      minimal('X', { price: { ...price, amount: -1 } }),
      '/price/amount must',
    ],
    ['an attribute with a dot', minimal('X', { attributes: { 'a.b': '1' } }), '/attributes/a.b'],
    ['another id', minimal('X', { id: '0'.repeat(24) }), '/id is not recognized'],
  ])('reports the row with %s, and imports the others', async (_, row, reason) => {
    const store = await openStore();
    const { status, body } = await importRows(store, [minimal('A'), row, minimal('B')]);
    expect(status).toBe(200);
    const failed = [{ line: 2, sku: 'X', reason: expect.stringContaining(reason) }];
    expect(body).toEqual({ ...counts, created: 2, failed });
    expect(Object.keys(await productsOf(store)).sort()).toEqual(['A', 'B']);
  });

  it.each([
    ['no SKU', { name: 'Table', price }, '/sku is required'],
    ['a SKU that is a number', minimal(7 as never), '/sku must be of type string'],
    ['a SKU that is too long', minimal('x'.repeat(65)), '/sku must have at most 64 characters'],
    ['text', 'Table', 'must be of type object'],
    ['null', null, 'must be of type object'],
  ])('reports the line of a row that is %s, without its SKU', async (_, row, reason) => {
    const { body } = await importRows(await openStore(), [row]);
    expect(body).toEqual({ ...counts, failed: [{ line: 1, sku: null, reason }] });
  });

  it('imports the first row with a SKU, and names its line in the fault of the second', async () => {
    const store = await openStore();
    const text = `${JSON.stringify(minimal('A'))}\n\n${JSON.stringify(minimal('A', { stock: 9 }))}`;
    const { body } = await importText(store, 'ndjson', text);
    const failed = [
      { line: 3, sku: 'A', reason: '/sku is already on line 1; each SKU must appear only once' },
    ];
    expect(body).toEqual({ ...counts, created: 1, failed });
    expect((await productsOf(store)).A).toMatchObject({ stock: 0 });
  });

  it('reads each line of NDJSON separately', async () => {
    const store = await openStore();
    const lines = [
      JSON.stringify(minimal('A')),
      '{"sku":',
      '{"sku":"B","stock":12345678901234567890}',
      '{"__proto__":{}}',
      '',
      `${JSON.stringify(minimal('C'))}\r`,
    ];
    const { body } = await importText(store, 'ndjson', lines.join('\n'));
    expect(body).toMatchObject({ created: 2, failed: [{ line: 2 }, { line: 3 }, { line: 4 }] });
  });

  it.each([
    ['json', '{"sku":"A"}'],
    ['json', '[{"sku":"A"},]'],
    ['csv', '\n\n'],
    ['csv', 'sku,"name\nA,Table'],
  ] as const)('rejects %s that cannot be parsed with 400: %j', async (type, text) => {
    const { status, body } = await importText(await openStore(), type, text);
    expect([status, body.errors]).toMatchObject([400, [{ in: 'body', pointer: '' }]]);
  });

  it.each([
    ['sku,colour', '/colour'],
    ['sku,name,name', '/name'],
    ['name', '/sku'],
    ['sku;name', '/sku'],
    ['sku,attributes.', '/attributes.'],
    ['sku,attributes.__proto__', '/attributes.__proto__'],
    ['sku,attributes.a.b', '/attributes.a.b'],
  ])('rejects a file with the header %j with 400', async (header, pointer) => {
    const { status, body } = await importCsv(await openStore(), header, 'A,B');
    expect([status, body.errors[0]]).toMatchObject([400, { in: 'body', pointer }]);
  });

  it('accepts a file without rows', async () => {
    const store = await openStore();
    expect((await importRows(store, [])).body).toEqual(counts);
    expect((await importCsv(store, 'sku,name')).body).toEqual(counts);
  });

  it('fails only the invalid row of thousands', async () => {
    const store = await openStore();
    const count = shareOf(10_000);
    const lines = Array.from({ length: count }, (_, i) => `S-${i},"Chair, red",${i},EUR`);
    lines[999] = 'S-X,"Chair, red,1,EUR';
    const header = 'sku,name,amount,currency';
    const { body } = await importCsv(store, header, ...lines);
    const failed = [{ line: 1_001, sku: null, reason: expect.stringContaining('quote') }];
    expect(body).toEqual({ ...counts, created: count - 1, failed });
    const again = await importCsv(store, header, ...lines);
    expect(again.body).toEqual({ ...counts, unchanged: count - 1, failed });
  });

  it('counts the failed rows that are too many to list', async () => {
    // The name of a member is part of the reason.
    const rows = Array.from({ length: 8_000 }, (_, i) => ({ sku: `${i}`, ['x'.repeat(400)]: 1 }));
    const { status, body } = await importRows(await openStore(), rows);
    expect(status).toBe(200);
    expect(body.failed[0]).toMatchObject({ line: 1, sku: '0' });
    expect(body.moreFailed).toBeGreaterThan(0);
    expect(body.failed.length + body.moreFailed).toBe(8_000);
    expect(JSON.stringify(body).length).toBeLessThan(3_000_000);
  });

  it('returns the first response for a repeated key, and imports once', async () => {
    const store = await openStore();
    const headers = { 'idempotency-key': 'import-1' };
    const first = await importRows(store, [minimal('A')], headers);
    const second = await importRows(store, [minimal('A')], headers);
    expect(second.body).toEqual({ ...counts, created: 1 });
    expect(second.body).toEqual(first.body);
    expect(await importRows(store, [minimal('B')], headers)).toMatchObject({ status: 422 });
  });

  it('answers 404 for an unknown store', async () => {
    expect(await importRows('no-such-store', [minimal('A')])).toMatchObject({ status: 404 });
  });

  it('counts each product once when a file is imported twice concurrently', async () => {
    const store = await openStore();
    const rows = Array.from({ length: 1_200 }, (_, i) => minimal(`S-${i}`));
    const both = await Promise.all([importRows(store, rows), importRows(store, rows)]);
    const sum = (name: string) => both.reduce((total, { body }) => total + body[name], 0);
    expect([sum('created'), sum('unchanged'), sum('updated')]).toEqual([1_200, 1_200, 0]);
    const changed = rows.map((row) => ({ ...row, stock: 7 }));
    await Promise.all([importRows(store, changed), importRows(store, changed)]);
    const versions = Object.values(await productsOf(store)).map(({ version }) => version);
    expect(new Set(versions)).toEqual(new Set([2]));
  });

  it('loses no change that is made during the import', async () => {
    const store = await openStore();
    const added = await addProducts({ store }, Array(40).fill({}));
    const rows = added.map(({ sku }) => ({ sku, name: 'Imported' }));
    const [imported, ...patched] = await Promise.all([
      importRows(store, rows),
      ...added.map(({ id }, stock) =>
        call(updateProduct, { path: { store, product: id }, body: { stock } }),
      ),
    ]);
    expect(imported?.body).toEqual({ ...counts, updated: 40 });
    expect(patched.map(({ status }) => status)).toEqual(Array(40).fill(200));
    const products = await productsOf(store);
    for (const [stock, { sku }] of added.entries())
      expect(products[sku]).toMatchObject({ name: 'Imported', stock });
  });

  it('creates a product again, or updates it first, when it is archived during the import', async () => {
    const store = await openStore();
    const { id, sku } = (await addProduct({ store })).product;
    const [imported] = await Promise.all([
      importRows(store, [minimal(sku, { name: 'Imported' })]),
      call(archiveProduct, { path: { store, product: id } }),
    ]);
    expect(imported.body.created + imported.body.updated).toBe(1);
  });
});
