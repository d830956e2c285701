import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { closeConnections, connect } from '#lib/connections.ts';
import type { Contract } from '#lib/http/contract.ts';
import type { Operation } from '#lib/http/operation.ts';
import type { Task } from '#lib/http/task.ts';
import type { TaskContract } from '#lib/http/task-contract.ts';
import { DEFAULT_SOCKETS, forEachServer, SERVER_NAMES, type Server } from '#lib/runtime/servers.ts';
import { settings } from '#lib/runtime/settings.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as transferStock } from '../../functions/transfer-stock.ts';
import { heal, primaryProxy } from '../support/behind-proxies.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { everyRow } from '../support/every-request.ts';
import { call, invoke } from '../support/gateway.ts';
import { closeDirect } from '../support/mirror.ts';
import { allFunctions } from '../support/operations.ts';
import { absentSite, openSite, type Site } from '../support/sites.ts';

type Sizes = Record<Server, number>;
type LambdaFunction = Operation<Contract> | Task<TaskContract>;

const { operations, tasks } = await allFunctions();

/** Makes the next connections have pools of these sizes. */
async function usePools(sizes: Sizes): Promise<void> {
  await closeConnections();
  Object.assign(settings().poolSizes, sizes);
}

describe('a function with the pools of its container', () => {
  let site: Site;
  let mate: Site;
  beforeAll(async () => {
    [site, mate] = [await openSite(), await openSite()];
    // More stores than any function processes at the same time.
    for (let n = 0; n < 6; n++) await openStore();
  }, 60_000);
  afterAll(closeDirect);

  const poolsOf = ({ contract }: LambdaFunction) =>
    forEachServer((server) => contract.sockets?.[server] ?? DEFAULT_SOCKETS);

  /**
   * Gives both connections the pools of a function's container, and returns the most sockets that its commands use, or
   * wait for, at the same time.
   */
  async function peakOf(fn: LambdaFunction, work: () => Promise<void>): Promise<Sizes> {
    await usePools(poolsOf(fn));
    const peak = forEachServer(() => 0);
    for (const server of SERVER_NAMES) {
      const client = (await connect(server)).getClient();
      expect(client.options.maxPoolSize).toBe(poolsOf(fn)[server]);
      let used = 0;
      client.on('connectionCheckOutStarted', () => {
        used += 1;
        peak[server] = Math.max(peak[server], used);
      });
      const release = () => (used -= 1);
      client.on('connectionCheckedIn', release).on('connectionCheckOutFailed', release);
    }
    await work();
    return peak;
  }

  function expectWithinPools(peak: Sizes, fn: LambdaFunction): void {
    for (const server of SERVER_NAMES)
      expect(peak[server]).toBeLessThanOrEqual(poolsOf(fn)[server]);
  }

  it.each(everyRow)('answers without waiting for a socket: %s (%s)', async (name, _, row) => {
    const fn = operations.get(name) as Operation<Contract>;
    const own = row.opens ? absentSite(mate) : row.consumes ? await openSite() : site;
    const peak = await peakOf(fn, async () => {
      expect(await call(fn, row.request(own, mate))).toMatchObject({ status: row.status });
    });
    expectWithinPools(peak, fn);
  });

  it.each([
    ['sync-mirror', { from: 'start' }],
    ['take-snapshots', {}],
    ['roll-out-indexes', { mode: 'apply' }],
  ])('completes a run without waiting for a socket: %s', async (name, input) => {
    const fn = tasks.get(name) as Task<TaskContract>;
    const peak = await peakOf(fn, async () => {
      const { failed = 0 } = await invoke(fn, input);
      expect(failed).toBe(0);
    });
    expectWithinPools(peak, fn);
  });
});

describe('requests that share a pool', () => {
  beforeEach(() => usePools({ primary: 3, secondary: 1 }));
  afterEach(heal);

  it('answers 200 for a store while ten requests of another store get no response', async () => {
    const slow = (await addProduct({ store: await openStore() })).path;
    const other = (await addProduct({ store: await openStore() })).path;
    let held = 0;
    const isHeld = Promise.withResolvers<void>();
    primaryProxy.decide = ({ database }) => {
      if (database !== `store_${slow.store}`) return 'pass';
      held += 1;
      if (held === 2) isHeld.resolve();
      return 'hold';
    };
    const hanging = Array.from({ length: 10 }, () => call(getProduct, { path: slow }));
    await isHeld.promise;
    expect(await call(getProduct, { path: other })).toMatchObject({ status: 200 });
    expect(held).toBe(2);
    await heal();
    // The commands that are retried, and those that waited for their turn.
    for (const { status } of await Promise.all(hanging)) expect([200, 503]).toContain(status);
    expect(await call(getProduct, { path: slow })).toMatchObject({ status: 200 });
  });

  it('answers 201 to transfers in opposite directions, which lease two stores each', async () => {
    await usePools({ primary: 2, secondary: 1 });
    const [one, two] = [await openStore(), await openStore()];
    for (const store of [one, two]) await addProduct({ store }, { sku: 'BOTH', stock: 100 });
    const transfer = (from: string, to: string) =>
      call(transferStock, { body: { from, to, sku: 'BOTH', quantity: 1 } });
    const transfers = Array.from({ length: 6 }, (_, n) =>
      n % 2 ? transfer(one, two) : transfer(two, one),
    );
    for (const answer of await Promise.all(transfers))
      expect(answer).toMatchObject({ status: 201 });
  });
});
