import { describe, expect, it } from '@jest/globals';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler as ingestArchive } from '../../functions/ingest-archive.ts';
import { handler } from '../../functions/report-drift.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';
import { type Drifting, driftIn, randomRecord } from '../support/records.ts';

const complete = { sku: 'A', name: 'A Lamp', price: { amount: 1_999, currency: 'USD' } };

/** Creates a store whose archive has these records, and returns its report. */
async function driftOf(records: object[]) {
  const store = await openStore();
  expect(await call(ingestArchive, { path: { store }, body: records })).toMatchObject({
    status: 201,
  });
  const { status, body } = await call(handler, { query: { store } });
  expect(status).toBe(200);
  return body;
}

/** The paths and types of a report, each with its count, without an order. */
const asSet = (items: Drifting[]) =>
  new Set(items.map(({ path, type, count }) => `${path} ${type} ${count}`));

describe('report-drift', () => {
  it('reports no drift for records that match the schema', async () => {
    const store = await openStore();
    const { path } = await addProduct({ store }, { attributes: { any: 'name', 'of/it': 'will' } });
    await call(archiveProduct, { path });
    await call(ingestArchive, { path: { store }, body: complete });
    const { body } = await call(handler, { query: { store } });
    expect(body).toEqual({ records: 2, items: [], more: false });
  });

  it('counts the records with each path and type, the most frequent first', async () => {
    const { records, items, more } = await driftOf([
      { ...complete, extraField: 'text' },
      { ...complete, extraField: { deep: true } },
      { ...complete, extraField: 'more text', n: 1, tags: [1, 2, 'a'] },
    ]);
    expect([records, more]).toEqual([3, false]);
    expect(items).toEqual([
      { path: '/extraField', type: 'string', count: 2 },
      { path: '/extraField', type: 'object', count: 1 },
      { path: '/extraField/deep', type: 'boolean', count: 1 },
      { path: '/n', type: 'integer', count: 1 },
      { path: '/tags/*', type: 'integer', count: 1 },
    ]);
  });

  it('reports a required member as missing only in an object that lacks it', async () => {
    const { items } = await driftOf([{ price: { amount: 1.5 } }, { ...complete, price: 19.99 }]);
    expect(asSet(items)).toEqual(
      new Set([
        '/sku missing 1',
        '/name missing 1',
        '/price/currency missing 1',
        '/price/amount number 1',
        '/price number 1',
      ]),
    );
  });

  it('escapes names as in a JSON pointer, and distinguishes a list from a member named *', async () => {
    const { items } = await driftOf([
      { ...complete, 'a.b': { $c: 1 }, 'd/e~f': { '*': null }, '': [''], $x: [[2.5]] },
    ]);
    expect(asSet(items)).toEqual(
      new Set([
        ...['/a.b object 1', '/a.b/$c integer 1', '/d~1e~0f object 1', '/d~1e~0f/~2 null 1'],
        ...['/ array 1', '//* string 1', '/$x array 1', '/$x/* array 1', '/$x/*/* number 1'],
      ]),
    );
  });

  it('reports paths up to four levels deep', async () => {
    const { items } = await driftOf([{ ...complete, a: { b: { c: { d: { e: 1 } } } } }]);
    const paths = items.map(({ path }: Drifting) => path);
    expect(paths).toEqual(['/a', '/a/b', '/a/b/c', '/a/b/c/d']);
  });

  it('finds the same as a traversal of random records', async () => {
    const all = Array.from({ length: 150 }, (_, seed) => randomRecord(seed));
    const { records, items } = await driftOf(all);
    expect(records).toBe(new Set(all.map((record) => JSON.stringify(record))).size);
    expect(items.length).toBeGreaterThan(100);
    expect(asSet(items)).toEqual(asSet(driftIn(all)));
    const counts = items.map(({ count }: Drifting) => count);
    expect(counts).toEqual(counts.toSorted((a: number, b: number) => b - a));
  });

  it('omits the rarest of more than a thousand paths, and reports that', async () => {
    const common = { ...complete, common: 1 };
    const odd = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`odd-${n}`, n]));
    const { items, more } = await driftOf([common, { ...common, ...odd }]);
    expect([items.length, more]).toEqual([1_000, true]);
    expect(items[0]).toEqual({ path: '/common', type: 'integer', count: 2 });
  });

  it('truncates long names', async () => {
    const { items } = await driftOf([{ ...complete, ['x'.repeat(100_000)]: 1 }]);
    expect(items).toEqual([{ path: `/${'x'.repeat(200)}`, type: 'integer', count: 1 }]);
  });

  it('reports on all stores, or on one', async () => {
    const stores = [await openStore(), await openStore()];
    const name = `only-${stores[0]}`;
    for (const store of stores)
      await call(ingestArchive, { path: { store }, body: { ...complete, [name]: store } });
    const all = await call(handler);
    expect(all.body.items).toContainEqual({ path: `/${name}`, type: 'string', count: 2 });
    const one = await call(handler, { query: { store: stores[0] as string } });
    expect(one.body).toMatchObject({ records: 1, items: [{ path: `/${name}`, count: 1 }] });
  });

  it('is empty for a store without archived records, and for an unknown store', async () => {
    const { body } = await call(handler, { query: { store: await openStore() } });
    expect(body).toEqual({ records: 0, items: [], more: false });
    const { body: nowhere } = await call(handler, { query: { store: 'nowhere' } });
    expect(nowhere).toEqual(body);
  });

  it.each([{ store: 'No Store' }, { limit: '3' }])('rejects %j with 400', async (query) => {
    expect(await call(handler, { query: query as never })).toMatchObject({ status: 400 });
  });
});
