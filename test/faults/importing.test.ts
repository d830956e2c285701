import { describe, expect, it } from '@jest/globals';
import { leaseStore } from '#lib/connections.ts';
import { newRecord, productsOn } from '#lib/products/record.ts';
import { handler as importProducts } from '../../functions/import-products.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { heal, primaryProxy } from '../support/behind-proxies.ts';
import { addProducts, aProduct, openStore, placeOf } from '../support/catalog.ts';
import { call } from '../support/gateway.ts';
import { nextCommand, sampleOf } from '../support/length.ts';
import type { Fate } from '../support/wire-proxy.ts';

const price = { amount: 100, currency: 'EUR' };

/** A file of two batches, for a store that already has four of its products. The file changes two of those. */
async function prepare() {
  const store = await openStore();
  const rows = Array.from({ length: 1_010 }, (_, i) => ({ sku: `S-${i}`, name: 'Table', price }));
  const same = {
    ...rows[0],
    description: undefined,
    category: undefined,
    tags: [],
    attributes: {},
  };
  await addProducts({ store }, [
    { ...same, sku: 'S-0' },
    { ...same, sku: 'S-1', name: 'Chair' },
    { ...same, sku: 'S-1005' },
    { ...same, sku: 'S-1006', name: 'Chair' },
  ]);
  return { path: { store }, rows };
}

/** The products after an import: how many there are, their names, and how often each was written. */
async function outcome(path: { store: string }) {
  let count = 0;
  const names = new Set<string>();
  const versions: Record<number, number> = {};
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = { limit: '100', ...(cursor ? { cursor } : {}) };
    const { body } = await call(listProducts, { path, query });
    for (const { name, version } of body.items) {
      count += 1;
      names.add(name);
      versions[version] = (versions[version] ?? 0) + 1;
    }
    cursor = body.next;
  }
  return { count, names: [...names], versions };
}

/** Imports while the primary fails at some commands from the n-th on, and again with the primary available. */
async function importThroughFault(
  n: number,
  fate: Fate,
  { times, writesOnly = false }: { times: number; writesOnly?: boolean },
) {
  await heal();
  const { path, rows } = await prepare();
  let count = 0;
  primaryProxy.decide = ({ name }) => {
    if (writesOnly && name !== 'insert' && name !== 'update') return 'pass';
    count += 1;
    return count >= n && count < n + times ? fate : 'pass';
  };
  const first = await call(importProducts, { path, body: rows, timeLeft: 5_000 });
  const hasMet = count >= n;
  await heal();
  const all = { created: 1_006, updated: 2, unchanged: 2, failed: [] };
  if (first.status === 200) expect(first.body).toEqual(all);
  else expect(first.status).toBe(503);

  const { status, body } = await call(importProducts, { path, body: rows });
  expect([status, body.failed]).toEqual([200, []]);
  expect(body.created + body.updated + body.unchanged).toBe(1_010);
  if (first.status === 200) expect(body.unchanged).toBe(1_010);
  expect(await outcome(path)).toEqual({
    count: 1_010,
    names: ['Table'],
    versions: { 1: 1_008, 2: 2 },
  });
  return { hasMet, status: first.status };
}

/** Imports with the fault at the first command, then at the second, and so on until it comes after the last one. */
async function statusesOf(fate: Fate, faults: { times: number; writesOnly?: boolean }) {
  const statuses: number[] = [];
  for (let n = 1, hasMet = true; hasMet; n = nextCommand(n)) {
    const result = await importThroughFault(n, fate, faults);
    hasMet = result.hasMet;
    statuses.push(result.status);
  }
  expect(statuses.length).toBeGreaterThan(3);
  expect(statuses.at(-1)).toBe(200);
  return new Set(statuses);
}

describe.each(sampleOf(['cut after', 'cut before'] as const, 1))(
  'an import whose command is %s it runs',
  (fate) => {
    it('succeeds, because the driver retries', async () => {
      expect(await statusesOf(fate, { times: 1 })).toEqual(new Set([200]));
    }, 60_000);

    it('reads what was written when the retry of the driver is cut as well', async () => {
      expect(await statusesOf(fate, { times: 2, writesOnly: true })).toEqual(new Set([200]));
    }, 60_000);

    it('is completed by the next import when the server stays unavailable', async () => {
      expect(await statusesOf(fate, { times: Number.POSITIVE_INFINITY })).toContain(503);
    }, 60_000);
  },
);

describe('an import that changes large products', () => {
  it('reads and writes them in parts, each of which fits into the memory', async () => {
    await heal();
    const store = await openStore();
    using lease = await leaseStore(placeOf(store));
    const text = 'x'.repeat(500);
    const attributes = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`a${n}`, text]));
    const rows = Array.from({ length: 200 }, (_, n) => ({ sku: `S-${n}`, stock: n + 1_000 }));
    const records = rows.map(({ sku }) => newRecord(aProduct({ sku, attributes }), new Date()));
    const { collection } = productsOn(lease.connection);
    // One command of 10 MB may keep a slow server from the driver's monitor, which then closes the pool.
    for (let at = 0; at < records.length; at += 20)
      await collection.insertMany(records.slice(at, at + 20) as never);
    const before = primaryProxy.commands.length;
    const { body } = await call(importProducts, { path: { store }, body: rows });
    expect(body).toMatchObject({ updated: 200, failed: [] });
    const sent = primaryProxy.commands
      .slice(before)
      .filter(({ database }) => database === `store_${store}`)
      .map(({ name }) => name);
    // 10 MB, of which at most 8 MB are read at once.
    expect(sent.filter((name) => name === 'update')).toHaveLength(2);
    const found = await productsOn(lease.connection).find({}, { stock: 1, sku: 1 }).lean();
    expect(found.every(({ sku, stock }) => sku === `S-${stock - 1_000}`)).toBe(true);
  });
});

describe('an import whose first thousand rows are new', () => {
  /** Imports a thousand new rows, two of products that exist, one of a product with the other form of its SKU, and new ones. */
  async function importNew(fateOf: (insert: number) => Fate = () => 'pass') {
    await heal();
    const store = await openStore();
    const skus = Array.from({ length: 1_010 }, (_, n) => (n === 1_007 ? 'Caf\u00e9' : `S-${n}`));
    const rows = skus.map((sku) => ({ sku, name: 'Table', price }));
    const records = [
      { sku: 'S-1005', name: 'Table' },
      { sku: 'S-1006', name: 'Chair' },
      { sku: 'Cafe\u0301', name: 'Chair' },
    ].map((product) => newRecord({ ...aProduct(product), price }, new Date()));
    using lease = await leaseStore(placeOf(store));
    await productsOn(lease.connection).collection.insertMany(records as never);
    const before = primaryProxy.commands.length;
    let inserts = 0;
    primaryProxy.decide = ({ name }) => (name === 'insert' ? fateOf(++inserts) : 'pass');
    const { status, body } = await call(importProducts, { path: { store }, body: rows });
    const sent = primaryProxy.commands
      .slice(before)
      .filter(({ database }) => database === `store_${store}`)
      .map(({ name }) => name);
    return { status, body, sent, ...(await outcome({ store })) };
  }

  it('inserts the others without reading them first, and reads those that exist', async () => {
    const { body, sent, count, names } = await importNew();
    expect(body).toMatchObject({ created: 1_007, failed: [] });
    expect(body.updated + body.unchanged).toBe(3);
    expect({ count, names }).toEqual({ count: 1_010, names: ['Table'] });
    // The product whose SKU has two forms is read before the second insert.
    expect(sent).toEqual(['find', 'insert', 'find', 'insert', 'update', 'find', 'update']);
  });

  it('counts each row once when the response to such an insert is lost', async () => {
    // The second insert, and the driver's retry.
    const isLost = (insert: number) => insert === 2 || insert === 3;
    const { status, body, sent, count, names } = await importNew((insert) =>
      isLost(insert) ? 'cut after' : 'pass',
    );
    expect(sent.filter((name) => name === 'insert')).toHaveLength(3);
    expect(status).toBe(200);
    expect(body).toMatchObject({ created: 1_007, failed: [] });
    expect(body.updated + body.unchanged).toBe(3);
    expect({ count, names }).toEqual({ count: 1_010, names: ['Table'] });
  });
});
