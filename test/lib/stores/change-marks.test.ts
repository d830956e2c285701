import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Contract } from '#lib/http/contract.ts';
import type { Operation } from '#lib/http/operation.ts';
import { FROM_SOURCE } from '../../../local/from-source.ts';
import { primaryProxy } from '../../support/behind-proxies.ts';
import { addProduct, openStore } from '../../support/catalog.ts';
import { everyRow, type Row } from '../../support/every-request.ts';
import type { TestAnswer, TestRequest } from '../../support/gateway.ts';
import { changeMarks, closeDirect, productsOf } from '../../support/mirror.ts';
import { allFunctions } from '../../support/operations.ts';
import type { Order } from '../../support/shifted-container.ts';
import { openSite, type Site } from '../../support/sites.ts';

// Another container than the one that creates the stores, so that it has not marked them.
const container = new Worker(new URL('../../support/shifted-container.ts', import.meta.url), {
  execArgv: [...FROM_SOURCE],
  env: { ...process.env },
  workerData: { drainMs: 0 },
});
afterAll(async () => {
  await Promise.all([container.terminate(), closeDirect()]);
});

const MINUTE = 60_000;
let shift = 0;

/** Runs an operation in the other container, whose wall clock shows that `ms` more have passed. */
async function callAfter(ms: number, name: string, input: TestRequest): Promise<TestAnswer> {
  shift += ms;
  container.postMessage({ shift, name, input } satisfies Order);
  const [{ result, error }] = await once(container, 'message');
  if (error) throw error;
  return result;
}

const { operations } = await allFunctions();
const changing = everyRow.filter(
  ([name]) => (operations.get(name) as Operation<Contract>).contract.repeat !== undefined,
);
const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify']);
const isMark = ({ name, database }: { name: string; database: string }) =>
  name === 'update' && database === `${new URL(primaryProxy.uri).pathname.slice(1)}`;

describe('the mark of a changed store', () => {
  let site: Site;
  let mate: Site;
  beforeAll(async () => {
    [site, mate] = [await openSite(), await openSite()];
  });

  const productsIn = ({ id }: Site) => productsOf(id).find().sort({ _id: 1 }).toArray();
  /** The operations that have changed products of a store. */
  const changed = new Set<string>();

  async function expectMarks(name: string, row: Row) {
    const sites = [site, mate];
    const before = await Promise.all(sites.map(productsIn));
    await changeMarks().deleteMany({ _id: { $in: sites.map(({ id }) => id) } });
    primaryProxy.commands.splice(0);
    const { status } = await callAfter(2 * MINUTE, name, row.request(site, mate));
    expect(status).toBe(row.status);
    const commands = primaryProxy.commands.splice(0);
    for (const [n, one] of sites.entries()) {
      if (JSON.stringify(await productsIn(one)) === JSON.stringify(before[n])) continue;
      changed.add(name);
      const mark = await changeMarks().findOne({ _id: one.id });
      expect(Math.abs(Date.now() - Number(mark?.at))).toBeLessThan(MINUTE);
      const write = commands.findIndex(
        ({ name: command, database }) => database === `store_${one.id}` && WRITES.has(command),
      );
      const marks = commands.slice(0, write).filter(isMark);
      expect(marks.length).toBeGreaterThan(n > 0 && name === 'transfer-stock' ? 1 : 0);
    }
  }

  it.each(changing.filter(([, , row]) => !row.opens))(
    'is written before %s (%s) changes products',
    async (name, _, row) => {
      await expectMarks(name, row);
      if (row.consumes) site = await openSite();
    },
  );

  it('is written by each operation that changes products of a store', () => {
    expect([...changed].sort()).toEqual([
      'adjust-stock',
      'archive-product',
      'close-store',
      'create-product',
      'import-products',
      'publish-product',
      'restore-product',
      'transfer-stock',
      'update-product',
    ]);
  });

  it('is written once a minute in each container, and again after a freeze of a minute (200)', async () => {
    const { path } = await addProduct({ store: await openStore() });
    const request = { path, body: { by: 1 } };
    const marksAfter = async (ms: number) => {
      primaryProxy.commands.splice(0);
      expect(await callAfter(ms, 'adjust-stock', request)).toMatchObject({ status: 200 });
      return primaryProxy.commands.filter(isMark).length;
    };
    expect(await marksAfter(0)).toBe(1);
    expect(await marksAfter(0)).toBe(0);
    expect(await marksAfter(MINUTE)).toBe(1);
    expect(await marksAfter(-2 * MINUTE)).toBe(1);
  });

  it('is not written for a read, nor for the head catalog (200)', async () => {
    const { path } = await addProduct({ store: await openStore() });
    await changeMarks().deleteMany({ _id: path.store as string });
    const before = await changeMarks().countDocuments();
    expect(await callAfter(2 * MINUTE, 'get-product', { path })).toMatchObject({ status: 200 });
    const head = await addProduct({});
    const patch = { path: head.path, body: { name: 'X' } };
    expect(await callAfter(0, 'update-product', patch)).toMatchObject({ status: 200 });
    expect(await changeMarks().countDocuments()).toBe(before);
  });
});
