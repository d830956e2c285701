import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { handler } from '../../functions/report-stores.ts';
import { handler as syncMirror } from '../../functions/sync-mirror.ts';
import { handler as updateProduct } from '../../functions/update-product.ts';
import { addProduct, addProducts, openStore } from '../support/catalog.ts';
import { call, invoke } from '../support/gateway.ts';
import { addAlike, closeDirect, watermarks } from '../support/mirror.ts';

afterAll(closeDirect);

const price = (amount: number, currency = 'USD') => ({ amount, currency });
const report = (query: Record<string, string> = {}) => call(handler, { query });

/** The report of one store, whichever page it is on. */
async function reportOf(store: string, query: Record<string, string> = {}) {
  const { status, body } = await report({ limit: '100', ...query });
  expect(status).toBe(200);
  return body.items.find((item: { store: { id: string } }) => item.store.id === store);
}

let store: string;
beforeAll(async () => {
  store = await openStore();
  await addProducts({ store }, [
    { price: price(300), stock: 4 },
    { price: price(1_000), stock: 6 },
    { price: price(250, 'EUR'), stock: 0 },
  ]);
  await invoke(syncMirror);
});

describe('report-stores', () => {
  it('returns the products, units, value and low stock of a store, as of its last sync', async () => {
    const mark = await watermarks().findOne({ _id: store });
    expect(await reportOf(store)).toEqual({
      store: { id: store, name: 'A Store', currency: 'USD', status: 'active' },
      products: 3,
      units: 10,
      value: [
        { currency: 'EUR', amount: 0 },
        { currency: 'USD', amount: 7_200 },
      ],
      lowStock: 2,
      syncedAt: mark?.syncedAt.toISOString(),
    });
  });

  it.each([
    ['0', 1],
    ['4', 2],
    ['6', 3],
  ])(
    'counts products with %s units or fewer as low when the query says so',
    async (lowStock, expected) => {
      expect(await reportOf(store, { lowStock })).toMatchObject({ lowStock: expected });
    },
  );

  it('returns zeros and no time for a store that was never synced', async () => {
    const fresh = await openStore();
    await addProduct({ store: fresh });
    const zeros = { products: 0, units: 0, value: [], lowStock: 0, syncedAt: null };
    expect(await reportOf(fresh)).toMatchObject(zeros);
  });

  it('reflects changes after the next sync', async () => {
    const other = await openStore();
    const { path } = await addProduct({ store: other }, { price: price(100), stock: 1 });
    await invoke(syncMirror);
    await call(updateProduct, { path, body: { stock: 20 } });
    expect(await reportOf(other)).toMatchObject({ units: 1, lowStock: 1 });
    await invoke(syncMirror);
    expect(await reportOf(other)).toMatchObject({
      units: 20,
      lowStock: 0,
      value: [{ currency: 'USD', amount: 2_000 }],
    });
  });

  it('rounds a value beyond 2^53 to the nearest double', async () => {
    const other = await openStore();
    const largest = { price: price(1_000_000_000_000), stock: 1_000_000_000 };
    await addProducts({ store: other }, [largest, largest]);
    await invoke(syncMirror);
    const { value, units } = await reportOf(other);
    expect([value, units]).toEqual([[{ currency: 'USD', amount: 2e21 }], 2_000_000_000]);
  });

  it('is exact up to 2^53 - 1', async () => {
    const other = await openStore();
    const cents = 2 ** 53 - 1;
    await addAlike(other, 2, (n) => ({
      price: price(n === 0 ? cents - 900_000_000_000 : 900_000_000_000),
      stock: 1,
    }));
    await invoke(syncMirror);
    expect((await reportOf(other)).value).toEqual([{ currency: 'USD', amount: cents }]);
  });

  it('returns pages of stores, sorted by id', async () => {
    await openStore();
    const seen: string[] = [];
    let query: Record<string, string> = { limit: '1' };
    for (;;) {
      const { headers, body } = await report(query);
      seen.push(...body.items.map((item: { store: { id: string } }) => item.store.id));
      if (body.next === null) break;
      const [, url] = /^<(.*)>; rel="next"$/.exec(headers.link ?? '') ?? [];
      query = Object.fromEntries(new URL(url ?? '', 'http://host').searchParams);
    }
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen).toContain(store);
  });

  it.each([
    ['a threshold below zero', { lowStock: '-1' }, '/lowStock'],
    ['one above a million', { lowStock: '1000001' }, '/lowStock'],
    ['an unknown parameter', { store: 'x' }, '/store'],
  ])('rejects %s with 400', async (_, query, pointer) => {
    const { status, body } = await report(query as never);
    expect([status, body.errors]).toMatchObject([400, [{ in: 'query', pointer }]]);
  });
});
