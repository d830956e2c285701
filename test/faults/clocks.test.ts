import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from '@jest/globals';
import { handler as adjustStock } from '../../functions/adjust-stock.ts';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as getStore } from '../../functions/get-store.ts';
import { handler as syncMirror } from '../../functions/sync-mirror.ts';
import { handler as updateProduct } from '../../functions/update-product.ts';
import { FROM_SOURCE } from '../../local/from-source.ts';
import { addProduct, addProducts, aProduct, openStore } from '../support/catalog.ts';
import { call, invoke, type TestAnswer, type TestRequest } from '../support/gateway.ts';
import {
  closeDirect,
  direct,
  expectMirrorOf,
  mirrored,
  productsOf,
  watermarks,
} from '../support/mirror.ts';
import type { Order } from '../support/shifted-container.ts';

const HOUR = 3_600_000;
const DRAIN_SECONDS = 600;

const container = new Worker(new URL('../support/shifted-container.ts', import.meta.url), {
  execArgv: [...FROM_SOURCE],
  env: { ...process.env },
  workerData: { drainMs: DRAIN_SECONDS * 1_000 },
});
afterAll(async () => {
  await Promise.all([container.terminate(), closeDirect()]);
});

/** Runs a function in the container whose clock is wrong by `shift`. */
async function runShifted(shift: number, name: string, input: object): Promise<TestAnswer> {
  container.postMessage({ shift, name, input } satisfies Order);
  const [{ result, error }] = await once(container, 'message');
  if (error) throw error;
  return result;
}

/** Expects dates of the time in which `work` runs, give or take a minute. */
async function expectCurrent(work: () => Promise<(string | Date | undefined)[]>): Promise<void> {
  const earliest = Date.now() - 60_000;
  const dates = (await work()).map((date) => new Date(date ?? Number.NaN).getTime());
  expect(dates.length).toBeGreaterThan(0);
  for (const date of dates) {
    expect(date).toBeGreaterThan(earliest);
    expect(date).toBeLessThan(Date.now() + 60_000);
  }
}

describe.each([
  ['a day ahead', 25 * HOUR],
  ['a day behind', -25 * HOUR],
])('a container whose clock is %s', (_, shift) => {
  const shifted = (name: string, input: TestRequest) => runShifted(shift, name, input);

  it('counts a request with an Idempotency-Key once (200), whichever container runs it first', async () => {
    const { path } = await addProduct({ store: await openStore() }, { stock: 10 });
    const sale = () => ({ path, body: { by: -1 }, headers: { 'idempotency-key': randomUUID() } });
    const [here, there] = [sale(), sale()];
    expect(await call(adjustStock, here)).toMatchObject({ status: 200, body: { stock: 9 } });
    expect(await shifted('adjust-stock', here)).toMatchObject({ status: 200, body: { stock: 9 } });
    expect(await shifted('adjust-stock', there)).toMatchObject({ status: 200, body: { stock: 8 } });
    expect(await call(adjustStock, there)).toMatchObject({ status: 200, body: { stock: 8 } });
    expect(await call(getProduct, { path })).toMatchObject({ body: { stock: 8 } });
  });

  it('answers 409 to a retry while the first request runs elsewhere, until its reservation ends', async () => {
    const { path } = await addProduct({ store: await openStore() });
    const request = { path, body: { by: -1 }, headers: { 'idempotency-key': randomUUID() } };
    await call(adjustStock, request);
    // The state while the first request runs.
    const records = direct.primary.db(`store_${path.store}`).collection('idempotency');
    await records.updateOne({}, { $set: { result: null } });
    const retry = await shifted('adjust-stock', request);
    expect(retry.status).toBe(409);
    expect(Number(retry.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(retry.headers['retry-after'])).toBeLessThanOrEqual(31);
  });

  it('does not drop the database of a closing store before its time (202)', async () => {
    const store = await openStore();
    await addProduct({ store });
    const closing = await shifted('close-store', { path: { store } });
    expect(closing).toMatchObject({ status: 202, body: { archived: 1, remaining: 0 } });
    const seconds = Number(closing.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(DRAIN_SECONDS);
    expect(await call(getStore, { path: { store } })).toMatchObject({
      body: { status: 'closing' },
    });
  });

  it('dates what it writes by the server', async () => {
    const id = `clock-${randomUUID().slice(0, 8)}`;
    await expectCurrent(async () => {
      const body = { id, name: 'A Store', currency: 'USD' };
      const opened = await shifted('create-store', { body });
      const patch = { body: { name: 'B' } };
      const renamed = await shifted('update-store', { path: { store: id }, ...patch });
      const created = await shifted('create-product', { path: { store: id }, body: aProduct() });
      const path = { store: id, product: created.body.id };
      const changed = await shifted('update-product', { path, ...patch });
      const sold = await shifted('adjust-stock', { path, body: { by: -1 } });
      const file = { path: { store: id }, body: [aProduct({ sku: 'IMPORTED' })] };
      await shifted('import-products', file);
      const imported = await productsOf(id).findOne({ sku: 'IMPORTED' });
      const answers = [opened, renamed, created, changed, sold];
      expect(answers.map(({ status }) => status)).toEqual([201, 200, 201, 200, 200]);
      const dates = answers.flatMap(({ body }) => [body.createdAt, body.updatedAt]);
      return [...dates, imported?.createdAt, imported?.updatedAt];
    });
  });

  it('does not hide a change from the mirror, whichever container syncs and whichever changes', async () => {
    const store = await openStore();
    const [one, two, three, four] = await addProducts({ store }, [{}, {}, {}, {}]);
    const pathOf = (product?: { id: string }) => ({ store, product: product?.id ?? '' });
    const body = { name: 'X' };
    await shifted('sync-mirror', { stores: [store] } as never);
    await call(updateProduct, { path: pathOf(one), body });
    await call(archiveProduct, { path: pathOf(two) });
    await invoke(syncMirror, { stores: [store] });
    await expectMirrorOf([store]);
    await shifted('update-product', { path: pathOf(three), body });
    await shifted('archive-product', { path: pathOf(four) });
    await invoke(syncMirror, { stores: [store] });
    await expectMirrorOf([store]);
    await expectCurrent(async () => {
      const mark = await watermarks().findOne({ _id: store });
      const archived = await mirrored('archive').find({ store }).toArray();
      return [mark?.syncedAt, mark?.triedAt, ...archived.map(({ archivedAt }) => archivedAt)];
    });
  });

  it('records the figures of the current day', async () => {
    const store = await openStore();
    await invoke(syncMirror, { stores: [store] });
    await expectCurrent(async () => {
      await shifted('take-snapshots', {});
      const snapshot = await mirrored('snapshots').findOne({ store });
      expect(snapshot?.takenAt.toISOString()).toContain(snapshot?.date);
      return [snapshot?.takenAt];
    });
  });
});
