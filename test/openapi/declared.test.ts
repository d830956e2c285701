import { describe, expect, it } from '@jest/globals';
import type { Contract } from '#lib/http/contract.ts';
import { type Operation, operation } from '#lib/http/operation.ts';
import { Drifted, StoreNotWritable } from '#lib/http/problems.ts';
import { handler as closeStore } from '../../functions/close-store.ts';
import { handler as createProduct } from '../../functions/create-product.ts';
import { handler as exportProducts } from '../../functions/export-products.ts';
import { handler as getProduct } from '../../functions/get-product.ts';
import { handler as listProducts } from '../../functions/list-products.ts';
import { contextOf, eventOf } from '../../local/gateway-event.ts';
import { requireDeclared, type Sent } from '../../openapi/declared.ts';
import { addProduct, openStore } from '../support/catalog.ts';
import { call, type TestRequest } from '../support/gateway.ts';

// The tests check every answer with this function. Here it is shown to reject what is not declared.

const product = '0'.repeat(24);

type AnyOperation = Operation<Contract>;

/** An answer of an operation, with a change. */
async function send(
  operation: AnyOperation,
  request: TestRequest,
  change: (sent: Sent & { body: ReturnType<typeof JSON.parse> }) => void,
) {
  const event = eventOf(operation, request);
  const answered = await operation(event, contextOf(operation));
  const isJson = /json$/.test(String(answered.headers?.['content-type']));
  const sent = { ...answered, body: isJson ? JSON.parse(answered.body ?? '') : answered.body };
  change(sent as never);
  const text = typeof sent.body === 'object' ? JSON.stringify(sent.body) : sent.body;
  requireDeclared(operation.contract, event.routeKey, { ...sent, body: text });
}

describe('an answer', () => {
  it('passes when it matches its contract', async () => {
    const store = await openStore();
    const { path } = await addProduct({ store });
    await send(getProduct, { path }, () => {});
    await send(exportProducts, { path: { store } }, () => {});
  });

  it.each<[string, Parameters<typeof send>[2], string]>([
    ['a member that is not declared', ({ body }) => (body.terms = []), '/terms is not recognized'],
    ['a member too few', ({ body }) => delete body.sku, '/sku is required'],
    ['a member of another type', ({ body }) => (body.stock = '1'), '/stock must be of type'],
    ['another status', (sent) => (sent.statusCode = 201), 'its status is not declared'],
    [
      'another media type',
      ({ headers = {} }) => (headers['content-type'] = 'text/plain'),
      'its media type is text/plain',
    ],
    ['a header too few', ({ headers = {} }) => delete headers.etag, 'it lacks the header etag'],
    [
      'a header that is not declared',
      ({ headers = {} }) => (headers['x-powered-by'] = 'us'),
      'its header x-powered-by is not declared',
    ],
    [
      'a header too few of those that every answer has',
      ({ headers = {} }) => delete headers['x-request-id'],
      'it lacks the header x-request-id',
    ],
  ])('does not pass with %s', async (_, change, fault) => {
    const { path } = await addProduct({});
    await expect(send(getProduct, { path }, change)).rejects.toThrow(
      `The ${fault.includes('status') ? 201 : 200} response of get-product (GET /products/{product}) does not match its contract: ${fault}`,
    );
  });

  it('does not pass with a body where none is declared', async () => {
    const { product, path } = await addProduct({});
    const request = { path, headers: { 'if-none-match': `"${product.version}"` } };
    await send(getProduct, request, () => {});
    await expect(send(getProduct, request, (sent) => (sent.body = 'text'))).rejects.toThrow(
      'it has a body',
    );
  });

  it('does not need a link to a next page', async () => {
    await addProduct({});
    await addProduct({});
    const request = { query: { limit: '1' } };
    await send(listProducts, request, ({ headers = {} }) => delete headers.link);
  });
});

describe('a problem', () => {
  it('passes when its operation declares it', async () => {
    await send(getProduct, { path: { product } }, () => {});
  });

  it('does not pass with another status, or a member that is not declared', async () => {
    const change = (sent: Sent) => (sent.statusCode = 410);
    await expect(send(getProduct, { path: { product } }, change)).rejects.toThrow(
      'the problem urn:manystore:problem:not-found has the status 404',
    );
    await expect(
      send(getProduct, { path: { product } }, ({ body }) => (body.stack = 'at …')),
    ).rejects.toThrow('/stack is not recognized');
  });

  it.each<[string, AnyOperation, string, Error, string]>([
    ['', closeStore, 'DELETE /stores/{store}', new Drifted('It is old.'), 'drifted'],
    [
      ' on a route',
      createProduct,
      'POST /products',
      new StoreNotWritable(''),
      'store-not-writable',
    ],
  ])(
    'does not pass when its operation does not declare it%s',
    async (_, it, route, error, kind) => {
      const failing = operation(
        { name: 'fail', summary: '', routes: ['GET /'], scope: 'public', answers: {} },
        () => Promise.reject(error),
      );
      const sent = await failing(eventOf(failing, {}), contextOf(failing));
      expect(() => requireDeclared(it.contract, route, sent)).toThrow(
        `the problem urn:manystore:problem:${kind} is not declared`,
      );
    },
  );
});

it('checks every answer to call()', async () => {
  const failing = operation(
    { name: 'fail', summary: '', routes: ['GET /'], scope: 'public', answers: {} },
    () => Promise.reject(new Drifted('It is old.')),
  );
  await expect(call(failing)).rejects.toThrow('The 422 response of fail (GET /) does not match');
});
