import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { handler as adjustStock } from '../../functions/adjust-stock.ts';
import { handler as createProduct } from '../../functions/create-product.ts';
import { handler as createStore } from '../../functions/create-store.ts';
import { handler as exportProducts } from '../../functions/export-products.ts';
import { handler as listArchive } from '../../functions/list-archive.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { handler as listStores } from '../../functions/list-stores.ts';
import { handler as publishProduct } from '../../functions/publish-product.ts';
import { handler as reportStores } from '../../functions/report-stores.ts';
import { handler as searchProducts } from '../../functions/search-products.ts';
import { handler as transferStock } from '../../functions/transfer-stock.ts';
import { aProduct } from '../support/catalog.ts';
import { call, type TestAnswer, type TestRequest } from '../support/gateway.ts';
import { closeDirect } from '../support/mirror.ts';
import { COMMON_SKU, everythingOf, openSite, type Site } from '../support/sites.ts';

let own: Site;
let hidden: Site;
beforeAll(async () => {
  [own, hidden] = [await openSite(), await openSite()];
});
afterAll(closeDirect);

/** A caller that may see everything, and one that may see its own store only. */
const owner = { subject: 'owner', stores: '*' };
const stranger = () => ({ subject: 'stranger', stores: own.id });

function expectNothingOf({ word }: Site, ...answers: TestAnswer[]): void {
  for (const answer of answers) expect(JSON.stringify(answer)).not.toContain(word);
}

describe('a cursor of another caller', () => {
  const limit = '1';
  it.each([
    ['list-products', listProducts, true],
    ['export-products', exportProducts, true],
    ['list-archive', listArchive, true],
    ['list-stores', listStores, false],
    ['report-stores', reportStores, false],
    ['search-products', searchProducts, false],
  ] as const)('of %s is rejected with 400', async (_, handler, inStore) => {
    const ask = (site: Site, caller: TestRequest['caller'] & object, cursor?: string) =>
      call(handler as typeof listProducts, {
        ...(inStore ? { path: { store: site.id } } : {}),
        query: { limit, ...(cursor ? { cursor } : {}) },
        caller,
      });
    const { headers } = await ask(hidden, owner);
    const cursor = /cursor=([^&>]+)/.exec(headers.link ?? '')?.[1] ?? '';
    expect(cursor).not.toBe('');
    const answer = await ask(own, stranger(), cursor);
    expect(answer.status).toBe(400);
    expectNothingOf(hidden, answer);
  });
});

describe('an Idempotency-Key of another caller', () => {
  /** Sends one request as the key's owner, and then another with the same key as the other caller. */
  async function inTurn(
    handler: unknown,
    requests: [TestRequest, TestRequest],
  ): Promise<[TestAnswer, TestAnswer]> {
    const headers = { 'idempotency-key': randomUUID() };
    const send = (request: TestRequest) =>
      call(handler as typeof listProducts, { headers, ...request });
    return [
      await send({ ...requests[0], caller: owner }),
      await send({ ...requests[1], caller: stranger() }),
    ];
  }

  it('does not affect another caller in the same store', async () => {
    const request = { path: { store: own.id, product: own.product }, body: { by: 1 } };
    const [first, second] = await inTurn(adjustStock, [request, request]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body.stock).toBe(first.body.stock + 1);
  });

  it('does not affect another caller in its own store', async () => {
    const body = () => aProduct({ name: `Thing ${hidden.word}` });
    const [, second] = await inTurn(createProduct, [
      { path: { store: hidden.id }, body: body() },
      { path: { store: own.id }, body: aProduct() },
    ]);
    expect(second.status).toBe(201);
    expectNothingOf(hidden, second);
  });

  it('gives no access to a hidden store', async () => {
    const request = {
      path: { store: hidden.id },
      body: aProduct({ name: `Thing ${hidden.word}` }),
    };
    const [first, second] = await inTurn(createProduct, [request, request]);
    expect([first.status, second.status]).toEqual([201, 404]);
    expectNothingOf(hidden, second);
    const transfer = { from: hidden.id, to: own.id, sku: COMMON_SKU, quantity: 1 };
    const answers = await inTurn(transferStock, [{ body: transfer }, { body: transfer }]);
    expect(answers.map(({ status }) => status)).toEqual([201, 404]);
    expectNothingOf(hidden, answers[1]);
    const store = { id: `new-${hidden.word}`, name: 'New', currency: 'EUR' };
    const opened = await inTurn(createStore, [{ body: store }, { body: store }]);
    expect(opened.map(({ status }) => status)).toEqual([201, 403]);
    expectNothingOf(hidden, opened[1]);
  });

  it.each(['*', 'named'])(
    'does not reveal into which stores a product was published: %s',
    async (which) => {
      const request = (...stores: Site[]) => ({
        path: { product: own.head },
        body: { stores: which === '*' ? '*' : stores.map(({ id }) => id) },
      });
      const [, second] = await inTurn(publishProduct, [request(own, hidden), request(own)]);
      expect(second).toMatchObject({ status: 200, body: { results: [{ store: own.id }] } });
      expectNothingOf(hidden, second);
    },
  );
});

describe('a key that came with a token for more stores', () => {
  it.each(['*', 'named'])(
    'does not reveal into which stores a product was published: %s',
    async (which) => {
      const stores = which === '*' ? '*' : [hidden.id];
      const request = {
        path: { product: own.head },
        body: { stores },
        headers: { 'idempotency-key': randomUUID() },
      };
      const wide = await call(publishProduct, { ...request, caller: owner });
      expect(wide.body.results.map(({ result }: { result: string }) => result)).not.toContain(
        'failed',
      );
      const before = await everythingOf(hidden);
      const narrow = await call(publishProduct, {
        ...request,
        caller: { ...owner, stores: own.id },
      });
      expect([narrow.status, narrow.body.title]).toEqual([422, 'Idempotency-Key reused']);
      expectNothingOf(hidden, narrow);
      expect(await everythingOf(hidden)).toEqual(before);
    },
  );
});
