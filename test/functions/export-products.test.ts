import { describe, expect, it } from '@jest/globals';
import { handler } from '../../functions/export-products.ts';
import { handler as importProducts } from '../../functions/import-products.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { addProducts, openStore } from '../support/catalog.ts';
import { call, type TestAnswer } from '../support/gateway.ts';
import { randomProducts } from '../support/random-products.ts';

type Query = Record<string, string>;

/** All pages of an export, read by following the `Link` headers. */
async function exportAll(store: string, query: Query): Promise<TestAnswer[]> {
  const pages: TestAnswer[] = [];
  for (let next: Query | undefined = query; next; ) {
    const page = await call(handler, { path: { store }, query: next });
    expect(page.status).toBe(200);
    pages.push(page);
    const link = page.headers.link?.match(/<\/stores\/[^?]+\/export\?(.*)>; rel="next"/)?.[1];
    next = link === undefined ? undefined : Object.fromEntries(new URLSearchParams(link));
  }
  return pages;
}

/** Imports an exported page unchanged, with its content type. */
const importPage = (store: string, { body, headers }: TestAnswer) =>
  call(importProducts, {
    path: { store },
    body,
    headers: { 'content-type': headers['content-type'] ?? '' },
  });

const importAll = (store: string, products: object[]) =>
  call(importProducts, { path: { store }, body: products });

/** The first hundred products of a store, without their ids, dates and store. */
async function productsOf(store: string) {
  const { body } = await call(listProducts, { path: { store }, query: { limit: '100' } });
  return body.items.map(
    ({ id, version, store, createdAt, updatedAt, ...rest }: Record<string, unknown>) => rest,
  );
}

describe('export-products', () => {
  it('exports products as NDJSON, in the form that import accepts', async () => {
    const store = await openStore();
    const [product] = await addProducts({ store }, [{}, {}]);
    const { status, headers, body } = await call(handler, { path: { store } });
    expect([status, headers['content-type']]).toEqual([200, 'application/x-ndjson']);
    expect(headers['content-disposition']).toBe(`attachment; filename="${store}-products.ndjson"`);
    expect(headers).not.toHaveProperty('link');
    const lines = body
      .trimEnd()
      .split('\n')
      .map((line: string) => JSON.parse(line));
    expect(lines).toHaveLength(2);
    expect(product).toMatchObject(lines[0]);
    const written = 'sku,name,description,category,tags,price,stock,status,attributes';
    expect(Object.keys(lines[0]).join()).toBe(written);
  });

  it('exports products as CSV, with a column for each attribute', async () => {
    const store = await openStore();
    await addProducts({ store }, [
      { sku: 'A', attributes: { color: 'grey' }, tags: ['x', 'y'] },
      { sku: 'B', attributes: { 'size, cm': '5' }, description: 'He said "no"\n' },
    ]);
    const { headers, body } = await call(handler, { path: { store }, query: { format: 'csv' } });
    expect(headers['content-type']).toMatch('text/csv');
    expect(body).toBe(
      [
        'sku,name,description,category,tags,amount,currency,stock,status,attributes.color,"attributes.size, cm"',
        'A,Laptop Pro,A laptop for work,Electronics,x|y,129999,USD,12,active,grey,',
        'B,Laptop Pro,"He said ""no""\n",Electronics,computer,129999,USD,12,active,,5',
        '',
      ].join('\n'),
    );
  });

  it('exports CSV for Accept: text/csv, unless the query names another format', async () => {
    const store = await openStore();
    const headers = { accept: 'text/csv' };
    const asked = await call(handler, { path: { store }, headers });
    expect(asked.headers).toMatchObject({ 'content-type': expect.stringMatching('text/csv') });
    const said = await call(handler, { path: { store }, headers, query: { format: 'ndjson' } });
    expect(said.headers['content-type']).toBe('application/x-ndjson');
  });

  it('exports the head catalog', async () => {
    const [product] = await addProducts({}, [{}]);
    const { body, headers } = await call(handler, { query: { limit: '5000' } });
    expect(body).toContain(product?.sku);
    expect(headers['content-disposition']).toContain('"products.ndjson"');
  });

  it.each(['ndjson', 'csv'])('exports each product once, in pages of %s', async (format) => {
    const store = await openStore();
    const products = randomProducts(25, 2);
    await importAll(store, products);
    const pages = await exportAll(store, { format, limit: '10' });
    expect(pages).toHaveLength(3);
    const other = await openStore();
    for (const [at, page] of pages.entries())
      expect((await importPage(other, page)).body).toMatchObject({ created: [10, 10, 5][at] });
    expect(await productsOf(other)).toEqual(await productsOf(store));
  });

  it.each(['ndjson', 'csv'])(
    'exports %s that can be imported again without a change',
    async (format) => {
      for (const seed of [3, 4, 5]) {
        const store = await openStore();
        const products = randomProducts(100, seed);
        const imported = await importAll(store, products);
        expect(imported.body).toMatchObject({ created: 100, failed: [] });
        const before = await productsOf(store);
        expect(before).toEqual(products);
        const [page] = (await exportAll(store, { format })) as [TestAnswer];
        const again = await importPage(store, page);
        expect(again.body).toEqual({ created: 0, updated: 0, unchanged: 100, failed: [] });
        const other = await openStore();
        expect((await importPage(other, page)).body).toMatchObject({ created: 100, failed: [] });
        expect(await productsOf(other)).toEqual(before);
      }
    },
  );

  it.each(['ndjson', 'csv'])(
    "ends a page of %s before it exceeds Lambda's limit",
    async (format) => {
      const store = await openStore();
      const description = '"\n\\ü'.repeat(1_250);
      const products = Array.from({ length: 900 }, (_, i) => ({
        ...{ sku: `S-${i}`, name: 'Table', price: { amount: 1, currency: 'EUR' }, description },
        attributes: { [`a${i % 400}`]: 'x' },
      }));
      for (const part of [products.slice(0, 300), products.slice(300, 600), products.slice(600)])
        expect((await importAll(store, part)).body.created).toBe(300);
      const pages = await exportAll(store, { format, limit: '5000' });
      expect(pages.length).toBeGreaterThan(1);
      let unchanged = 0;
      for (const page of pages) {
        expect(Buffer.byteLength(JSON.stringify(page.body))).toBeLessThan(5_100_000);
        unchanged += (await importPage(store, page)).body.unchanged;
      }
      expect(unchanged).toBe(900);
    },
    60_000,
  );

  it('exports a file without rows for a store without products', async () => {
    const store = await openStore();
    expect((await call(handler, { path: { store } })).body).toBe('');
    const [page] = (await exportAll(store, { format: 'csv' })) as [TestAnswer];
    expect((await importPage(store, page)).body).toMatchObject({ created: 0, failed: [] });
  });

  it('rejects a cursor of another store with 400', async () => {
    const [store, other] = [await openStore(), await openStore()];
    await addProducts({ store }, [{}, {}]);
    const { headers } = await call(handler, { path: { store }, query: { limit: '1' } });
    const cursor = new URLSearchParams(headers.link?.match(/\?(.*)>/)?.[1]).get('cursor') ?? '';
    expect(await call(handler, { path: { store }, query: { cursor } })).toMatchObject({
      status: 200,
    });
    const refused = await call(handler, { path: { store: other }, query: { cursor } });
    expect([refused.status, refused.body.errors]).toMatchObject([400, [{ pointer: '/cursor' }]]);
  });

  it.each([
    [{ limit: '0' }, '/limit'],
    [{ limit: '5001' }, '/limit'],
    [{ format: 'xml' }, '/format'],
    [{ sort: 'name' }, '/sort'],
  ])('rejects %j with 400', async (query, pointer) => {
    const { status, body } = await call(handler, { query: query as unknown as Query });
    expect([status, body.errors]).toMatchObject([400, [{ pointer }]]);
  });

  it('answers 404 for an unknown store', async () => {
    const answer = await call(handler, { path: { store: 'no-such-store' } });
    expect(answer.status).toBe(404);
  });
});
