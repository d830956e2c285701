import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Types } from 'mongoose';
import { closeConnections } from '#lib/connections.ts';
import type { Contract } from '#lib/http/contract.ts';
import type { Operation } from '#lib/http/operation.ts';
import { handler as createProduct } from '../../../functions/create-product.ts';
import { handler as exportProducts } from '../../../functions/export-products.ts';
import { handler as getProduct } from '../../../functions/get-product.ts';
import { handler as listProducts } from '../../../functions/list-products.ts';
import { handler as searchProducts } from '../../../functions/search-products.ts';
import { aProduct, openStore } from '../../support/catalog.ts';
import { call } from '../../support/gateway.ts';
import { closeDirect, mirrored, productsOf } from '../../support/mirror.ts';
import { servers } from '../../support/settings.ts';

process.env.POWERTOOLS_LOG_LEVEL = 'INFO';
process.env.POWERTOOLS_METRICS_DISABLED = 'false';

let lines: Record<string, unknown>[] = [];
let text = '';
beforeEach(() => {
  lines = [];
  text = '';
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      text += chunk;
      lines.push(JSON.parse(String(chunk)));
      return true;
    });
});
afterEach(() => {
  jest.restoreAllMocks();
});

const requests = () => lines.filter(({ message }) => message === 'request');
const metrics = () => lines.filter((line) => '_aws' in line && 'operation' in line);

describe('a request', () => {
  it('logs one line with its operation and outcome', async () => {
    const store = await openStore();
    lines = [];
    const { status, headers } = await call(createProduct, { path: { store }, body: aProduct() });
    expect(status).toBe(201);
    expect(requests()).toMatchObject([
      {
        level: 'INFO',
        requestId: headers['x-request-id'],
        operation: 'create-product',
        store,
        status: 201,
        ms: expect.any(Number),
        coldStart: false,
      },
    ]);
  });

  it('logs a line with the problem when it is rejected', async () => {
    await call(getProduct, { path: { product: 'nonsense' } });
    await call(getProduct, { path: { product: '0'.repeat(24) } });
    expect(requests()).toMatchObject([
      { operation: 'get-product', status: 400, problem: 'invalid-request' },
      { operation: 'get-product', status: 404, problem: 'not-found' },
    ]);
  });

  it('logs a hash of the caller, also when the token lacks a scope', async () => {
    const path = { product: '0'.repeat(24) };
    for (const caller of [{ subject: 'TopSecretMe' }, { subject: 'TopSecretMe', scopes: [] }, {}])
      await call(getProduct, { path, caller });
    await call(getProduct, { path, caller: null });
    const [first, second, third, nobody] = requests();
    expect(first?.caller).toMatch(/^[\da-f]{16}$/);
    expect([second?.status, second?.caller]).toEqual([403, first?.caller]);
    expect(third?.caller).toMatch(/^[\da-f]{16}$/);
    expect(third?.caller).not.toBe(first?.caller);
    expect(nobody).not.toHaveProperty('caller');
    expect(text).not.toContain('TopSecret');
  });

  it("logs its metrics in CloudWatch's format", async () => {
    await call(getProduct, { path: { product: '0'.repeat(24) } });
    await call(getProduct, { path: { product: '1'.repeat(24) } });
    const warm = {
      service: 'manystore',
      operation: 'get-product',
      Duration: expect.any(Number),
      Faults: 0,
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: 'Manystore',
            Dimensions: [['service', 'operation']],
            Metrics: [
              { Name: 'Duration', Unit: 'Milliseconds' },
              { Name: 'Faults', Unit: 'Count' },
            ],
          },
        ],
      },
    };
    expect(metrics()).toEqual([warm, warm]);
  });

  it('logs the sockets and store handles that were opened since the last request', async () => {
    const store = await openStore();
    await closeConnections();
    const request = { path: { store, product: '0'.repeat(24) } };
    await call(getProduct, request);
    const counts = lines.filter((line) => '_aws' in line && !('operation' in line));
    expect(counts).toContainEqual(
      expect.objectContaining({ service: 'manystore', StoreHandlesOpened: 1 }),
    );
    expect(counts).toContainEqual(
      expect.objectContaining({ connection: 'primary', SocketsOpened: expect.any(Number) }),
    );
    lines = [];
    await call(getProduct, request);
    expect(lines.filter((line) => '_aws' in line)).toHaveLength(1);
  });

  it('logs nothing of its body, invalid ids and connection strings', async () => {
    const store = '<script>';
    await call(createProduct, { path: { store }, body: aProduct({ name: 'TopSecretName' }) });
    await call(createProduct, { body: aProduct({ name: 'TopSecretName' }) });
    await call(createProduct, { body: '{"TopSecretName' });
    await call(createProduct, { body: aProduct({ attributes: { constructor: 'TopSecretName' } }) });
    expect(requests()).toHaveLength(4);
    expect(text).not.toMatch(/TopSecret|script/);
    for (const server of Object.values(servers)) expect(text).not.toContain(server);
  });
});

describe('a document that another program wrote', () => {
  /** A product as in MongoDB's tutorial. */
  const foreign = () => ({ _id: new Types.ObjectId(), name: 'TopSecretName', price: 19.99 });
  afterAll(closeDirect);

  it('fails a read of its catalog with 500, and the log names the document and its faults', async () => {
    const store = await openStore();
    const document = foreign();
    await productsOf(store).insertOne(document);
    const path = { store };
    const id = document._id.toHexString();
    lines = [];
    for (const [handler, request] of [
      [getProduct, { path: { ...path, product: id } }],
      [listProducts, { path }],
      [exportProducts, { path }],
    ] as [Operation<Contract>, object][]) {
      const { status, body } = await call(handler, request);
      expect([status, body.detail]).toEqual([500, expect.stringMatching(/^A stored record is /)]);
      expect(JSON.stringify(body)).not.toContain('price');
    }
    const message = `The document ${id} of store_${store}.products is not a product of this service: sku is missing, tags is missing, price has another type, stock is missing, status is missing, attributes is missing, version is missing, createdAt is missing, updatedAt is missing`;
    const error = { cause: { name: 'InvalidRecord', message } };
    expect(requests()).toMatchObject([{ error }, { error }, { error }]);
    expect(text).not.toContain('TopSecret');
  });

  it('fails a search with 500, and the log names the document in the mirror', async () => {
    const document = foreign();
    await mirrored('products').insertOne(document);
    const { status } = await call(searchProducts, {});
    expect(status).toBe(500);
    expect(text).toContain(`The document ${document._id} of ${mirrored('products').namespace} is`);
    await mirrored('products').deleteOne({ _id: document._id });
  });
});
