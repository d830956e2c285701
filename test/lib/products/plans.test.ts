import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EmbeddedMongo, startEmbeddedMongo } from '@manystore/embedded-mongodb';
import mongoose, { type Connection, type Model, trusted } from 'mongoose';
import { mirrorOn } from '#lib/mirror/record.ts';
import { type ProductList, selectionOf } from '#lib/products/lists.ts';
import { newRecord, type ProductRecord, productsOn } from '#lib/products/record.ts';
import type { ProductInput } from '#lib/products/schema.ts';

/*
 * How many documents a page of products examines, according to `explain`. Not every server supports that, so
 * this file always runs on an embedded one.
 */

const COUNT = 4_000;
const STORES = 40;
const LIMIT = 20;

let server: EmbeddedMongo;
let connection: Connection;
beforeAll(async () => {
  server = await startEmbeddedMongo();
  connection = await mongoose.createConnection(server.uri).asPromise();
  const records = Array.from({ length: COUNT }, (_, n) => product(n));
  const own = records.map(({ store, ...record }) => record);
  await fill(productsOn(connection.useDb('store_one')), own);
  await fill(mirrorOn(connection.useDb('mirror')) as Model<ProductRecord>, records);
}, 60_000);
afterAll(async () => {
  await connection.close();
  await server.stop();
});

async function fill(model: Model<ProductRecord>, records: ProductRecord[]): Promise<void> {
  await model.createIndexes();
  await model.collection.insertMany(records);
}

function product(n: number): ProductRecord {
  const input: ProductInput = {
    sku: `SKU-${n}`,
    name: n % 50 === 0 ? `Laptop ${n}` : `Thing ${n}`,
    category: `Category ${n % 30}`,
    tags: [`tag${n % 25}`, 'all'],
    price: { amount: (n * 7_919) % 10_000, currency: 'USD' },
    stock: n % 40,
    status: 'active',
    attributes: {},
  };
  const record = newRecord(input, new Date(1_700_000_000_000 + n * 1_000));
  return { ...record, store: { id: `store-${n % STORES}`, name: 'A Store' } };
}

const catalog = () => productsOn(connection.useDb('store_one'));
const mirror = () => mirrorOn(connection.useDb('mirror')) as Model<ProductRecord>;
const list = 'a list';

/** Returns how many documents the page of a query examines and returns. */
async function cost(
  model: Model<ProductRecord>,
  {
    sort = 'createdAt',
    position,
    store,
    ...filter
  }: Partial<ProductList> & Record<string, unknown>,
): Promise<{ examined: number; returned: number }> {
  const query = { limit: LIMIT, sort, filter } as ProductList;
  const among = store ? [{ 'store.id': trusted(store as object) }] : [];
  const {
    conditions,
    sort: order,
    limit,
  } = selectionOf(query, {
    list,
    restrictions: among as never[],
  });
  const found = model.find(conditions, { terms: 0 }).sort(order).limit(limit);
  const { executionStats } = (await found.explain('executionStats')) as unknown as {
    executionStats: { nReturned: number; totalDocsExamined: number };
  };
  return { examined: executionStats.totalDocsExamined, returned: executionStats.nReturned };
}

const queries: [string, Record<string, unknown>][] = [
  ['no filter', {}],
  ['no filter, the newest first', { sort: '-createdAt' }],
  ['the order of changes', { sort: '-updatedAt' }],
  ['the order of names', { sort: 'name' }],
  ['the order of prices', { sort: 'price' }],
  ['the order of prices, the dearest first', { sort: '-price' }],
  ['a range of prices, in their order', { sort: 'price', minPrice: 5_000, maxPrice: 6_000 }],
  ['a category', { category: 'Category 7' }],
  ['a tag', { tag: 'tag7' }],
  ['a tag of all products', { tag: 'all' }],
  ['a word of a few products', { q: 'laptop' }],
  ['a word of one product', { q: 'sku 77' }],
  ['the beginning of a word of all products', { q: 't', sort: '-createdAt' }],
];

describe.each([
  ['list-products', catalog],
  ['search-products', mirror],
])('a page of %s', (_, model) => {
  it.each(queries)(
    'examines at most four times the documents that it returns, by %s',
    async (_name, query) => {
      const { examined, returned } = await cost(model(), query);
      expect(returned).toBeGreaterThan(0);
      expect(examined).toBeLessThanOrEqual(4 * returned);
    },
  );
});

describe('a page of search-products in one store', () => {
  it.each(['name', '-price', 'createdAt', '-updatedAt'] as const)(
    'examines at most four times the documents that it returns, by %s',
    async (sort) => {
      const { examined, returned } = await cost(mirror(), { sort, store: 'store-7' });
      expect(returned).toBe(LIMIT + 1);
      expect(examined).toBeLessThanOrEqual(4 * returned);
    },
  );
});
