import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { handler } from '../../functions/report-history.ts';
import { handler as syncMirror } from '../../functions/sync-mirror.ts';
import { handler as takeSnapshots } from '../../functions/take-snapshots.ts';
import { openStore } from '../support/catalog.ts';
import { call, invoke } from '../support/gateway.ts';
import { closeDirect, mirrored, registry } from '../support/mirror.ts';

afterAll(closeDirect);

const dates = ['2024-02-28', '2024-02-29', '2024-03-01', '2024-03-02'];
let store: string;
beforeAll(async () => {
  store = await openStore();
  await mirrored('snapshots').insertMany(
    dates.map((date, n) => ({
      _id: `${store}/${date}` as never,
      store,
      date,
      products: n,
      units: n * 10,
      value: [{ currency: 'USD', amount: n * 100 }],
      lowStock: 0,
      takenAt: new Date(`${date}T00:05:00Z`),
      syncedAt: new Date(`${date}T00:01:00Z`),
    })),
  );
});

const history = (query: Record<string, string> = {}, id = store) =>
  call(handler, { path: { store: id }, query });
const daysOf = (body: { items: { date: string }[] }) => body.items.map(({ date }) => date);

describe('report-history', () => {
  it("lists a store's snapshots, the newest first", async () => {
    const { status, body } = await history();
    expect([status, daysOf(body), body.next]).toEqual([200, [...dates].reverse(), null]);
    expect(body.items[0]).toEqual({
      date: '2024-03-02',
      products: 3,
      units: 30,
      value: [{ currency: 'USD', amount: 300 }],
      lowStock: 0,
      takenAt: '2024-03-02T00:05:00.000Z',
      syncedAt: '2024-03-02T00:01:00.000Z',
    });
  });

  it.each([
    ['a day on', { from: '2024-02-29' }, [3, 2, 1]],
    ['the beginning to a day', { to: '2024-02-29' }, [1, 0]],
    ['one day to another', { from: '2024-02-29', to: '2024-03-01' }, [2, 1]],
    ['a day to itself', { from: '2024-03-01', to: '2024-03-01' }, [2]],
  ])('lists the days from %s, in pages of any size', async (_, query, expected) => {
    for (const limit of ['1', '2', '100']) {
      const seen: string[] = [];
      for (let cursor = ''; ; ) {
        const page = { ...query, limit, ...(cursor ? { cursor } : {}) };
        const { body } = await history(page as never);
        seen.push(...daysOf(body));
        if (body.next === null) break;
        cursor = body.next;
      }
      expect(seen).toEqual(expected.map((n) => dates[n]));
    }
  });

  it('links to the next page', async () => {
    const { headers, body } = await history({ limit: '1' });
    expect(headers.link).toContain(`/reports/stores/${store}/history?limit=1&cursor=${body.next}`);
  });

  it('returns what take-snapshots recorded', async () => {
    const other = await openStore();
    await invoke(syncMirror);
    await invoke(takeSnapshots);
    const { body } = await history({}, other);
    expect(body.items).toMatchObject([{ products: 0, units: 0, value: [], lowStock: 0 }]);
  });

  it('returns the history of a closed store, and answers 404 for an unknown store', async () => {
    const other = await openStore();
    await registry().updateOne({ _id: other }, { $set: { status: 'closed' } });
    expect(await history({}, other)).toMatchObject({ status: 200, body: { items: [] } });
    expect(await history({}, 'never-opened')).toMatchObject({ status: 404 });
  });

  it.each([
    ['a day that there is not', { from: '2023-02-29' }, '/from'],
    ['a time', { to: '2024-02-29T00:00:00Z' }, '/to'],
    ['a month', { to: '2024-02' }, '/to'],
    ['days the wrong way round', { from: '2024-03-02', to: '2024-03-01' }, '/to'],
    ['an unknown parameter', { day: '2024-03-02' }, '/day'],
    ['a cursor of other days', { from: '2024-02-29', cursor: 'x' }, '/cursor'],
  ])('rejects %s with 400', async (_, query, pointer) => {
    const { status, body } = await history(query as never);
    expect([status, body.errors]).toMatchObject([400, [{ in: 'query', pointer }]]);
  });
});
