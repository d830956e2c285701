import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { handler as adjustStock } from '../../functions/adjust-stock.ts';
import { handler as archiveProduct } from '../../functions/archive-product.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as transferStock } from '../../functions/transfer-stock.ts';
import { inExampleOrder } from '../../openapi/examples.ts';
import { heal, primaryProxy, secondaryProxy } from '../support/behind-proxies.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { everyRequest } from '../support/every-request.ts';
import { call, callAgain, type TestRequest } from '../support/gateway.ts';
import { sampleOf } from '../support/length.ts';
import { closeDirect } from '../support/mirror.ts';
import { allFunctions } from '../support/operations.ts';
import { absentSite, everythingOf, openSite } from '../support/sites.ts';
import { stockOf, twoBranches } from '../support/stock.ts';
import type { Fate } from '../support/wire-proxy.ts';

afterEach(heal);

afterAll(closeDirect);

// Enough to reach the write on a slow machine: when a commit gets no response, the driver repeats it until the deadline.
const timeLeft = 1_800;
const [site, mate] = [await openSite(), await openSite()];

const { operations } = await allFunctions();
const changes = inExampleOrder([...operations].filter(([, { contract }]) => contract.repeat));

/** The requests of an operation that changes something. */
function requestsOf(name: string): TestRequest[] {
  const requests = Object.values(everyRequest[name] ?? {}).map(({ opens, request }) =>
    request(opens ? absentSite(site) : site, mate),
  );
  // That of the table changes nothing.
  return name === 'update-store'
    ? [{ ...requests[0], body: { name: `New ${site.word}` } }]
    : requests;
}

const WRITES = ['insert', 'update', 'delete', 'findAndModify', 'commitTransaction'];

/** Applies a fate to the first of these commands on each server, and cuts all later commands. */
function failFirst(names: readonly string[], fate: Fate): void {
  for (const proxy of [primaryProxy, secondaryProxy]) {
    let isMet = false;
    proxy.decide = ({ name }) => {
      if (isMet) return 'cut before';
      isMet = names.includes(name);
      return isMet ? fate : 'pass';
    };
  }
}

describe('a change that no server received', () => {
  it('is answered with 503, not-applied and Retry-After by every operation', async () => {
    const before = await everythingOf(site);
    await Promise.all([primaryProxy.shut(), secondaryProxy.shut()]);
    await call(getProduct, { path: { product: site.head }, timeLeft: 800 });
    const answers = await Promise.all(
      changes.flatMap(([name, operation]) =>
        requestsOf(name).map(async (request) => {
          const { status, headers, body } = await call(operation, { ...request, timeLeft: 800 });
          return [name, status, body.outcome, headers['retry-after']];
        }),
      ),
    );
    expect(answers).toEqual(answers.map(([name]) => [name, 503, 'not-applied', '2']));
    expect(await everythingOf(site)).toEqual(before);
  });
});

describe('a change whose response was lost', () => {
  it('is answered with 503 and unknown by every operation, and with Retry-After if it can be repeated', async () => {
    const sampled = sampleOf(changes, 5);
    const answered: Record<string, unknown[]> = {};
    for (const [name, operation] of sampled) {
      const { repeat } = operation.contract;
      // Its updates belong to a transaction, which only the commit applies.
      const writes = name === 'transfer-stock' ? ['commitTransaction'] : WRITES;
      for (const request of requestsOf(name)) {
        const before = await everythingOf(site);
        failFirst(writes, 'cut after');
        const { status, headers, body } = await call(operation, { ...request, timeLeft });
        await heal();
        answered[name] = [status, body.outcome, headers['retry-after']];
        const retryAfter = repeat === 'safe' ? '2' : undefined;
        if (status !== 200) expect(answered[name]).toEqual([503, 'unknown', retryAfter]);
        if (status !== 200 && request.path?.store)
          expect(await everythingOf(site)).not.toEqual(before);
        if (repeat === 'safe')
          expect([200, 201, 202, 204, 404, 409]).toContain(
            (await callAgain(operation, request)).status,
          );
      }
    }
    // It reports the failure of each store in a successful response.
    const { 'publish-product': published = [200], ...others } = answered;
    expect(published[0]).toBe(200);
    expect(Object.values(others).map(([status]) => status)).not.toContain(200);
  }, 60_000);

  it('is answered with unknown and Retry-After with a key, and applied once when it is repeated', async () => {
    const { product, path } = await addProduct({ store: await openStore() }, { stock: 10 });
    const request = { path, body: { by: -3 }, headers: { 'idempotency-key': randomUUID() } };
    failFirst(['commitTransaction'], 'cut after');
    const lost = await call(adjustStock, { ...request, timeLeft });
    expect([lost.status, lost.body.outcome, lost.headers['retry-after']]).toEqual([
      503,
      'unknown',
      '2',
    ]);
    expect(lost.body.detail).toContain('with the same Idempotency-Key');
    await heal();
    expect(await callAgain(adjustStock, request)).toMatchObject({
      status: 200,
      body: { stock: 7 },
    });
    expect(await stockOf({ store: String(path.store), sku: product.sku, id: product.id })).toEqual([
      7,
    ]);
  });

  it('is unknown when the driver finds no server for its retry, and when the server never received it', async () => {
    const { product, path } = await addProduct({ store: await openStore() }, { stock: 10 });
    const branch = { store: String(path.store), sku: product.sku, id: product.id };
    const sell = { path, body: { by: -1 } };
    for (const [fate, stock] of [
      ['last', 9],
      ['cut before', 9],
    ] as const) {
      failFirst(['findAndModify'], fate);
      const { status, headers, body } = await call(adjustStock, { ...sell, timeLeft });
      expect([fate, status, body.outcome, headers['retry-after']]).toEqual([
        fate,
        503,
        'unknown',
        undefined,
      ]);
      expect(body.detail).toContain('Read the current state before you repeat the request.');
      await heal();
      expect(await stockOf(branch)).toEqual([stock]);
    }
  });
});

describe('a change with several steps', () => {
  it('is answered with unknown when the server of the second step is unavailable', async () => {
    const { path } = await addProduct({ store: await openStore() });
    secondaryProxy.decide = ({ name }) => {
      if (name === 'update') void primaryProxy.shut();
      return 'pass';
    };
    const { status, headers, body } = await call(archiveProduct, { path, timeLeft });
    expect([status, body.outcome, headers['retry-after']]).toEqual([503, 'unknown', '2']);
    await heal();
    expect(await callAgain(archiveProduct, { path })).toMatchObject({ status: 204 });
  });

  it('is answered with not-applied when its write changed nothing and the next read fails', async () => {
    const { path } = await addProduct({ store: await openStore() }, { stock: 0 });
    failFirst(['findAndModify'], 'pass');
    const { status, headers, body } = await call(adjustStock, { path, body: { by: -1 }, timeLeft });
    expect([status, body.outcome, headers['retry-after']]).toEqual([503, 'not-applied', '2']);
  });
});

describe('a transaction that lost its server before the commit', () => {
  it('is answered with 503 and not-applied, and moved nothing', async () => {
    const [a, b] = await twoBranches([10, 10]);
    const body = { from: a.store, to: b.store, sku: a.sku, quantity: 3 };
    failFirst(['findAndModify'], 'last');
    // Reserving the key does not count as a change.
    const headers = { 'idempotency-key': randomUUID() };
    const { status, body: problem } = await call(transferStock, { body, headers, timeLeft });
    expect([status, problem.outcome]).toEqual([503, 'not-applied']);
    await heal();
    expect(await stockOf(a, b)).toEqual([10, 10]);
  });
});
