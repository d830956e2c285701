import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SearchQuery } from '#lib/mirror/schema.ts';
import { pageOfSearch } from '#lib/mirror/search.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler } from '../../functions/search-products.ts';
import { handler as syncMirror } from '../../functions/sync-mirror.ts';
import { addProducts, openStore } from '../support/catalog.ts';
import { call, invoke } from '../support/gateway.ts';
import { closeDirect, registry, watermarks } from '../support/mirror.ts';

afterAll(closeDirect);

const usd = (amount: number) => ({ amount, currency: 'USD' });
const search = (query: Record<string, string> = {}) => call(handler, { query });
const skus = (items: { sku: string }[]) => items.map(({ sku }) => sku.slice(0, 1)).join('');

let east: string;
let west: string;
beforeAll(async () => {
  expect((await search()).body).toEqual({ items: [], next: null, asOf: null });
  [east, west] = [await openStore(), await openStore()];
  await addProducts({ store: east }, [
    { sku: 'A', name: 'Coffee Mug', category: 'Kitchen', tags: ['blue'], price: usd(300) },
    { sku: 'B', name: 'Tea Mug', category: 'Kitchen', tags: ['red'], price: usd(100) },
  ]);
  await addProducts({ store: west }, [
    { sku: 'C', name: 'Coffee Table', category: 'Furniture', tags: ['blue'], price: usd(200) },
    { sku: 'D', name: 'Chair', category: 'Furniture', status: 'draft', price: usd(400) },
  ]);
  await addProducts({}, [{ sku: 'H', name: 'Coffee of the head catalog' }]);
  await invoke(syncMirror);
});

/** The whole list, read page by page. */
async function walk(query: Record<string, string>, limit: number): Promise<string> {
  let seen = '';
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { status, body } = await search({
      ...query,
      limit: String(limit),
      ...(cursor ? { cursor } : {}),
    });
    expect(status).toBe(200);
    seen += skus(body.items);
    cursor = body.next;
  }
  return seen;
}

describe('search-products', () => {
  it('finds the products of every store as the stores list them, and none of the head catalog', async () => {
    const { body } = await search();
    const first = await call(listProducts, { path: { store: east } });
    const second = await call(listProducts, { path: { store: west } });
    expect(body.items).toEqual([...first.body.items, ...second.body.items]);
  });

  it.each([
    ['a word', { q: 'cof' }, 'AC'],
    ['two words', { q: 'mug tea' }, 'B'],
    ['a category', { category: 'Furniture' }, 'CD'],
    ['a tag', { tag: 'blue' }, 'AC'],
    ['a status', { status: 'draft' }, 'D'],
    ['prices', { minPrice: '200', maxPrice: '300' }, 'AC'],
    ['a tag, by price', { tag: 'blue', sort: 'price' }, 'CA'],
    ['their age, the newest first', { sort: '-createdAt' }, 'DCBA'],
    ['their name', { sort: 'name' }, 'DACB'],
    ['what nothing is called', { q: 'sofa' }, ''],
  ])('searches by %s, in pages of any size', async (_, query, expected) => {
    for (const limit of [1, 3]) expect(await walk(query as never, limit)).toBe(expected);
  });

  it('searches in one store', async () => {
    expect(await walk({ store: west, sort: '-price' }, 1)).toBe('DC');
    expect(await walk({ store: east, q: 'cof' }, 1)).toBe('A');
  });

  it('finds nothing in an unknown store', async () => {
    const { status, body } = await search({ store: 'never-opened' });
    expect([status, body]).toEqual([200, { items: [], next: null, asOf: null }]);
  });

  it('returns as `asOf` the time of the least recently synced store', async () => {
    const marks = await watermarks().find().toArray();
    const at = (store: string) => marks.find(({ _id }) => _id === store)?.syncedAt.toISOString();
    const oldest = [at(east), at(west)].sort()[0];
    expect((await search()).body.asOf).toBe(oldest);
    expect((await search({ store: west })).body.asOf).toBe(at(west));
  });

  it('links to the next page', async () => {
    const { headers, body } = await search({ limit: '3', store: east, sort: 'price' });
    expect([body.next, headers.link]).toEqual([null, undefined]);
    const first = await search({ limit: '3', sort: 'price' });
    const [, url] = /^<(.*)>; rel="next"$/.exec(first.headers.link ?? '') ?? [];
    const query = Object.fromEntries(new URL(url ?? '', 'http://host').searchParams);
    expect(skus((await search(query)).body.items)).toBe('D');
  });

  it('rejects a cursor of another list with 400', async () => {
    const { body } = await search({ limit: '1', sort: 'name' });
    const ofStore = await call(listProducts, {
      path: { store: east },
      query: { limit: '1', sort: 'name' },
    });
    for (const query of [
      { sort: 'name', store: east, cursor: body.next },
      { sort: 'name', tag: 'blue', cursor: body.next },
      { sort: 'name', cursor: ofStore.body.next },
    ])
      expect(await search(query)).toMatchObject({ status: 400 });
  });

  it.each([
    ['an unknown parameter', { colour: 'red' }, '/colour'],
    ['an invalid store id', { store: 'No Store' }, '/store'],
    ['a minimum price above the maximum', { minPrice: '2', maxPrice: '1' }, '/maxPrice'],
  ])('rejects %s with 400', async (_, query, pointer) => {
    const { status, body } = await search(query as never);
    expect([status, body.errors]).toMatchObject([400, [{ in: 'query', pointer }]]);
  });

  it('shows a caller only its own stores, with cursors that are valid only for them', async () => {
    const { signal } = new AbortController();
    const query: SearchQuery = { limit: 1, sort: 'createdAt' };
    const seen = (visible: 'all' | string[], more: Partial<SearchQuery> = {}) =>
      pageOfSearch({ ...query, ...more }, visible, signal);
    const first = await seen([west]);
    expect(skus(first.items)).toBe('C');
    expect(skus((await seen([west], { cursor: first.next ?? '' })).items)).toBe('D');
    expect((await seen([west], { store: east })).items).toEqual([]);
    expect((await seen([])).items).toEqual([]);
    expect(skus((await seen([east, west], { limit: 10 })).items)).toBe('ABCD');
    await expect(seen('all', { cursor: first.next ?? '' })).rejects.toMatchObject({ status: 400 });
  });

  it('no longer shows the products of a closed store after the next sync', async () => {
    const store = await openStore();
    await addProducts({ store }, [{ name: 'Sofa' }]);
    await invoke(syncMirror);
    expect((await search({ q: 'sofa' })).body.items).toHaveLength(1);
    await registry().updateOne({ _id: store }, { $set: { status: 'closed' } });
    await invoke(syncMirror);
    expect((await search({ q: 'sofa' })).body.items).toEqual([]);
    expect((await search({ store })).body.asOf).toBeNull();
  });
});
