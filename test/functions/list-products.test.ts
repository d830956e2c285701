import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ProductInput } from '#lib/products/schema.ts';
import { handler } from '../../functions/list-products.ts';
import { addProducts, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const products: Partial<ProductInput>[] = [
  { sku: 'A-1', name: 'Café Table', category: 'Furniture', tags: ['oak'], price: usd(300) },
  { sku: 'B-2', name: 'Coffee Maker', category: 'Kitchen', tags: ['steel'], price: usd(100) },
  { sku: 'C-3', name: 'Coffee Mug', category: 'Kitchen', tags: ['steel', 'blue'], price: usd(100) },
  { sku: 'D-4', name: 'Desk', category: 'Furniture', tags: ['oak', 'blue'], price: usd(500) },
  { sku: 'E-5', name: 'Eel (smoked)', category: 'Food', status: 'draft', price: usd(200) },
].map((product) => ({ description: 'Nice.', ...product }) as Partial<ProductInput>);

let store: string;
beforeAll(async () => {
  store = await openStore();
  await addProducts({ store }, products);
});

const list = async (query: Record<string, string> = {}) =>
  call(handler, { path: { store }, query });
const skus = (items: { sku: string }[]) => items.map(({ sku }) => sku.slice(0, 1)).join('');

/** The whole list, read page by page. */
async function walk(query: Record<string, string>, limit: number): Promise<string> {
  let seen = '';
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = { ...query, limit: String(limit), ...(cursor ? { cursor } : {}) };
    const { status, body } = await list(page);
    expect(status).toBe(200);
    expect(body.items.length).toBeLessThanOrEqual(limit);
    seen += skus(body.items);
    cursor = body.next;
  }
  return seen;
}

describe('list-products', () => {
  it('lists the products by age, without the terms of text search', async () => {
    const { status, body } = await list();
    expect(status).toBe(200);
    expect(skus(body.items)).toBe('ABCDE');
    expect(body.next).toBeNull();
    expect(body.items[0]).not.toHaveProperty('terms');
  });

  it.each([
    ['name', 'ABCDE'],
    ['-name', 'EDCBA'],
    ['price', 'BCEAD'],
    ['-price', 'DAECB'],
    ['createdAt', 'ABCDE'],
    ['-createdAt', 'EDCBA'],
    ['updatedAt', 'ABCDE'],
    ['-updatedAt', 'EDCBA'],
  ])('sorts by %s, and lists each product once with pages of any size', async (sort, expected) => {
    for (const limit of [1, 2, 5]) expect(await walk({ sort }, limit)).toBe(expected);
  });

  it.each([
    ['a category', { category: 'Kitchen' }, 'BC'],
    ['a tag', { tag: 'blue' }, 'CD'],
    ['a status', { status: 'draft' }, 'E'],
    ['a lowest price', { minPrice: '300' }, 'AD'],
    ['a highest price', { maxPrice: '100' }, 'BC'],
    ['a range of prices', { minPrice: '200', maxPrice: '300' }, 'AE'],
    ['several of them', { category: 'Furniture', tag: 'oak', maxPrice: '400' }, 'A'],
    ['a category that nothing has', { category: 'kitchen' }, ''],
  ])('filters by %s', async (_, query, expected) => {
    expect(await walk(query, 1)).toBe(expected);
  });

  it.each([
    ['the beginning of a word', 'cof', 'BC'],
    ['words in any order', 'mug coffee', 'C'],
    ['another case', 'COFFEE', 'BC'],
    ['a word without its accent', 'cafe', 'A'],
    ['a word with an accent', 'café', 'A'],
    ['a category', 'kitch', 'BC'],
    ['a tag', 'steel', 'BC'],
    ['a SKU', 'd-4', 'D'],
    ['the description', 'nice', 'ABCDE'],
    ['the middle of a word', 'offee', ''],
    ['one word that is not there', 'coffee tea', ''],
    ['a regular expression, as plain text', '.*', undefined],
    ['a mark that folds to nothing', '\uff9e', undefined],
    ['signs of regular expressions', '(smoked)', 'E'],
    ['a dot, which stands for no letter', 'd.sk', ''],
  ])('searches by %s', async (_, q, expected) => {
    if (expected === undefined) expect(await list({ q })).toMatchObject({ status: 400 });
    else expect(await walk({ q }, 2)).toBe(expected);
  });

  it('links to the next page', async () => {
    const { headers, body } = await list({ limit: '2', sort: '-price', tag: 'oak' });
    expect(body.next).toBeNull();
    expect(headers.link).toBeUndefined();
    const first = await list({ limit: '2', sort: '-price' });
    const [, url] = /^<(.*)>; rel="next"$/.exec(first.headers.link ?? '') ?? [];
    const query = Object.fromEntries(new URL(url ?? '', 'http://host').searchParams);
    expect(query).toMatchObject({ limit: '2', sort: '-price', cursor: first.body.next });
    expect(skus((await list(query)).body.items)).toBe('EC');
  });

  it('keeps the order when products are created between pages', async () => {
    const path = { store: await openStore() };
    await addProducts(path, [{ name: 'B' }, { name: 'D' }]);
    const first = await call(handler, { path, query: { sort: 'name', limit: '1' } });
    await addProducts(path, [{ name: 'A' }, { name: 'C' }]);
    const query = { sort: 'name', cursor: first.body.next };
    const { body } = await call(handler, { path, query });
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual(['C', 'D']);
  });

  it("ends a page before it exceeds Lambda's limit, and continues on the next one", async () => {
    const path = { store: await openStore() };
    const attributes = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [`a${i}`, 'é'.repeat(500)]),
    );
    await addProducts(path, Array(60).fill({ description: 'é'.repeat(5_000), attributes }));
    const first = await call(handler, { path, query: { limit: '100' } });
    expect(JSON.stringify(first.body).length).toBeLessThan(6_000_000);
    const { body } = await call(handler, {
      path,
      query: { limit: '100', cursor: first.body.next },
    });
    expect(first.body.items.length + body.items.length).toBe(60);
    expect(body.next).toBeNull();
  });

  it('rejects a cursor of another store, filter or order, and a made-up one, with 400', async () => {
    const path = { store: await openStore() };
    const { body } = await list({ limit: '2', sort: 'name' });
    const [position, signature] = body.next.split('.');
    const forged = Buffer.from(JSON.stringify(['A', '0'.repeat(24)])).toString('base64url');
    const answers = await Promise.all([
      call(handler, { path, query: { sort: 'name', cursor: body.next } }),
      call(handler, { query: { sort: 'name', cursor: body.next } }),
      list({ sort: '-name', cursor: body.next }),
      list({ sort: 'name', tag: 'oak', cursor: body.next }),
      list({ sort: 'name', cursor: `${forged}.${signature}` }),
      list({ sort: 'name', cursor: position }),
      list({ sort: 'name', cursor: 'nonsense' }),
      list({ sort: 'name', cursor: `${body.next}.more` }),
      list({ sort: 'name', cursor: `${body.next}=` }),
      list({ sort: 'name', cursor: '' }),
    ]);
    for (const { status, body: problem } of answers) {
      expect(status).toBe(400);
      expect(problem.errors).toMatchObject([{ in: 'query', pointer: '/cursor' }]);
    }
  });

  it('accepts a cursor with another limit', async () => {
    const { body } = await list({ limit: '1', sort: 'name' });
    const { body: rest } = await list({ limit: '3', sort: 'name', cursor: body.next });
    expect(skus(rest.items)).toBe('BCD');
  });

  it.each([
    ['an unknown order', { sort: 'stock' }, '/sort'],
    ['a price in words', { minPrice: 'cheap' }, '/minPrice'],
    ['prices the wrong way round', { minPrice: '2', maxPrice: '1' }, '/maxPrice'],
    ['an unknown parameter', { colour: 'red' }, '/colour'],
    ['an operator', { 'category[$ne]': 'x' }, '/category[$ne]'],
  ])('rejects %s with 400', async (_, query, pointer) => {
    const { status, body } = await list(query as unknown as Record<string, string>);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ in: 'query', pointer }]);
  });
});
