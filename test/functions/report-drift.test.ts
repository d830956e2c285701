import { afterAll, describe, expect, it } from '@jest/globals';
import { summarizeDrift } from '#lib/reports/drift-summaries.ts';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler as ingestArchive } from '../../functions/ingest-archive.ts';
import { handler } from '../../functions/report-drift.ts';
import { handler as restoreProduct } from '../../functions/restore-product.ts';
import { handler as takeSnapshots } from '../../functions/take-snapshots.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call, invoke } from '../support/gateway.ts';
import { closeDirect, direct } from '../support/mirror.ts';
import { type Drifting, driftIn, randomRecord } from '../support/records.ts';

afterAll(closeDirect);

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
    expect(body).toEqual({ records: 2, items: [], more: false, at: expect.any(String) });
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
    expect(body).toEqual({ records: 0, items: [], more: false, at: expect.any(String) });
    const { body: nowhere } = await call(handler, { query: { store: 'nowhere' } });
    expect(nowhere).toEqual({ ...body, at: expect.any(String) });
  });

  describe('of more than a thousand records', () => {
    const count = 1_100;
    const records = Array.from({ length: count }, (_, n) => ({
      ...complete,
      sku: `A-${n}`,
      ...(n % 100 === 0 ? { extra: n } : {}),
    }));
    const expected = { records: count, more: false, items: [{ path: '/extra', type: 'integer' }] };
    const report = async (store: string) => (await call(handler, { query: { store } })).body;
    /** Summarizes with time for so many steps. */
    const summarizeFor = (steps: number) => {
      let left = steps;
      return summarizeDrift({ signal: AbortSignal.timeout(50_000), hasTime: () => left-- > 0 });
    };
    const ingest = (store: string, body: object[]) =>
      call(ingestArchive, { path: { store }, body: body as never });

    it('is from a summary, which has an age and is resumed where it stopped', async () => {
      await invoke(takeSnapshots);
      const store = await openStore();
      await ingest(store, records.slice(0, 600));
      await ingest(store, records.slice(600));
      expect(await report(store)).toEqual({ records: 0, items: [], more: false, at: null });
      // One step begins the store, and none is left for the second page.
      expect(await summarizeFor(1)).toEqual({ summarized: 0, unsummarized: 1 });
      expect(await report(store)).toMatchObject({ records: 0, at: null });
      expect(await summarizeFor(1)).toEqual({ summarized: 1, unsummarized: 0 });
      const summary = await report(store);
      expect(summary).toMatchObject({ ...expected, items: [{ count: 11 }] });
      expect(await summarizeFor(1)).toEqual({ summarized: 0, unsummarized: 0 });
      const later = await report(store);
      expect(later).toEqual({ ...summary, at: later.at });
      expect(Date.parse(later.at)).toBeGreaterThan(Date.parse(summary.at));
    });

    it('is compared again when the product schema has changed', async () => {
      const store = await openStore();
      await ingest(store, records.slice(0, 600));
      await ingest(store, records.slice(600));
      await summarizeFor(1);
      const drift = direct.secondary.db().collection<{ _id: string }>('drift');
      const { walk } = (await drift.findOne({ _id: store })) as unknown as {
        walk: { seen: string };
      };
      const older = { 'walk.seen': walk.seen.replace(/^\S+/, 'older'), 'walk.records': 5_000 };
      await drift.updateOne({ _id: store }, { $set: older });
      await invoke(takeSnapshots);
      expect(await report(store)).toMatchObject(expected);
      await drift.updateOne({ _id: store }, { $set: { seen: older['walk.seen'], records: 5_000 } });
      await invoke(takeSnapshots);
      expect(await report(store)).toMatchObject(expected);
    });

    it('includes what was archived and restored since, after the next run', async () => {
      const store = await openStore();
      await ingest(store, records.slice(0, 600));
      await ingest(store, records.slice(600));
      await invoke(takeSnapshots);
      const { body } = await ingest(store, [{ ...complete, extra: 1, other: true }]);
      expect(await report(store)).toMatchObject({ records: count });
      await invoke(takeSnapshots);
      const items = [
        { path: '/extra', type: 'integer', count: 12 },
        { path: '/other', type: 'boolean', count: 1 },
      ];
      expect(await report(store)).toMatchObject({ records: count + 1, items });
      const path = { store, product: body.archived[0] };
      const patch = { extra: null, other: null };
      expect(await call(restoreProduct, { path, body: patch })).toMatchObject({ status: 201 });
      await invoke(takeSnapshots);
      expect(await report(store)).toMatchObject({ ...expected, items: [{ count: 11 }] });
    });
  });

  it.each([{ store: 'No Store' }, { limit: '3' }])('rejects %j with 400', async (query) => {
    expect(await call(handler, { query: query as never })).toMatchObject({ status: 400 });
  });
});
