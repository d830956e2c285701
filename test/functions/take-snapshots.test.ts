import { afterAll, describe, expect, it } from '@jest/globals';
import { takeMissingSnapshots } from '#lib/reports/snapshots.ts';
import { handler as syncMirror } from '../../functions/sync-mirror.ts';
import { handler } from '../../functions/take-snapshots.ts';
import { addProduct, addProducts, openStore } from '../support/catalog.ts';
import { invoke } from '../support/gateway.ts';
import { closeDirect, mirrored, registry, watermarks } from '../support/mirror.ts';

afterAll(closeDirect);

const snapshotsOf = (store: string) => mirrored('snapshots').find({ store }).toArray();

describe('take-snapshots', () => {
  it('records the figures of each store once a day', async () => {
    const store = await openStore();
    await addProducts({ store }, [
      { price: { amount: 100, currency: 'USD' }, stock: 3 },
      { price: { amount: 50, currency: 'EUR' }, stock: 10 },
    ]);
    await invoke(syncMirror);
    const before = new Date();
    expect(await invoke(handler)).toMatchObject({ unsynced: 0, remaining: 0 });
    const [snapshot, ...others] = await snapshotsOf(store);
    expect(others).toEqual([]);
    const date = snapshot?.takenAt.toISOString().slice(0, 10);
    const mark = await watermarks().findOne({ _id: store });
    expect(snapshot).toEqual({
      _id: `${store}/${date}`,
      store,
      date,
      products: 2,
      units: 13,
      value: [
        { currency: 'EUR', amount: 500 },
        { currency: 'USD', amount: 300 },
      ],
      lowStock: 1,
      takenAt: expect.any(Date),
      syncedAt: mark?.syncedAt,
    });
    expect(snapshot?.takenAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
  });

  it('keeps the first snapshot of a day, and adds missing ones', async () => {
    const store = await openStore();
    await invoke(syncMirror);
    await invoke(handler);
    const first = await snapshotsOf(store);
    await addProduct({ store });
    const late = await openStore();
    await invoke(syncMirror);
    const result = await invoke(handler);
    expect(result).toMatchObject({ taken: 1, remaining: 0 });
    expect(result.present).toBeGreaterThan(0);
    expect(await snapshotsOf(store)).toEqual(first);
    expect(await snapshotsOf(late)).toHaveLength(1);
  });

  it('skips stores whose first sync is not complete, and closed stores', async () => {
    const fresh = await openStore();
    await addProduct({ store: fresh });
    expect(await invoke(handler)).toMatchObject({ unsynced: 1 });
    expect(await snapshotsOf(fresh)).toEqual([]);
    const closed = await openStore();
    await registry().updateOne({ _id: closed }, { $set: { status: 'closed' } });
    await invoke(syncMirror);
    await invoke(handler);
    expect(await snapshotsOf(closed)).toEqual([]);
    expect(await snapshotsOf(fresh)).toHaveLength(1);
  });

  it('stops when its time is nearly up, and continues with the next run', async () => {
    const stores = await Promise.all(Array.from({ length: 30 }, openStore));
    await invoke(syncMirror);
    let left = 1;
    const { signal } = new AbortController();
    const first = await takeMissingSnapshots({ signal, hasTime: () => left-- > 0 });
    expect(first.taken).toBe(25);
    expect(first.remaining).toBeGreaterThan(0);
    expect(await invoke(handler)).toMatchObject({ taken: first.remaining, remaining: 0 });
    for (const store of stores) expect(await snapshotsOf(store)).toHaveLength(1);
  });

  it('records each snapshot once when two runs are concurrent', async () => {
    const store = await openStore();
    await invoke(syncMirror);
    const results = await Promise.all(Array.from({ length: 4 }, () => invoke(handler)));
    // DocumentDB may report one upsert to two of the runs.
    expect(results.reduce((sum, { taken }) => sum + taken, 0)).toBeGreaterThanOrEqual(1);
    expect(await snapshotsOf(store)).toHaveLength(1);
  });
});
