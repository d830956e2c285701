import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Types } from 'mongoose';
import * as z from 'zod/mini';
import { closeConnections, ping } from '#lib/connections.ts';
import type { Contract } from '#lib/http/contract.ts';
import { type Operation, operation } from '#lib/http/operation.ts';
import { task } from '#lib/http/task.ts';
import { handler as createProduct } from '../../../functions/create-product.ts';
import { handler as exportProducts } from '../../../functions/export-products.ts';
import { handler as getProduct } from '../../../functions/get-product.ts';
import { handler as listProducts } from '../../../functions/list-products.ts';
import { handler as searchProducts } from '../../../functions/search-products.ts';
import { aProduct, openStore } from '../../support/catalog.ts';
import { call, invoke } from '../../support/gateway.ts';
import { closeDirect, mirrored, productsOf } from '../../support/mirror.ts';
import { servers } from '../../support/settings.ts';

process.env.POWERTOOLS_LOG_LEVEL = 'INFO';
process.env.POWERTOOLS_METRICS_DISABLED = 'false';

interface Line extends Record<string, unknown> {
  Duration?: number;
  _aws?: { Timestamp: number };
}

let lines: Line[] = [];
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

  it("writes its log and its metrics as one line, with the members of Powertools' lines", async () => {
    const path = { product: '0'.repeat(24) };
    await call(getProduct, { path });
    lines = [];
    process.env._X_AMZN_TRACE_ID = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0';
    const { headers } = await call(getProduct, { path });
    const written = lines;
    lines = [];
    const { Duration: ms = 0, timestamp, _aws, caller } = written[0] ?? {};
    const details = { operation: 'get-product', caller, status: 404, problem: 'not-found' };
    new Logger({ serviceName: 'manystore' }).info('request', {
      ...{ requestId: headers['x-request-id'], ...details, ms, coldStart: false },
    });
    delete process.env._X_AMZN_TRACE_ID;
    const emf = new Metrics({
      ...{ namespace: 'Manystore', serviceName: 'manystore' },
      defaultDimensions: { operation: 'get-product' },
    })
      .setTimestamp(_aws?.Timestamp ?? 0)
      .addMetric('Duration', MetricUnit.Milliseconds, ms)
      .addMetric('Faults', MetricUnit.Count, 0)
      .serializeMetrics();
    expect(written).toEqual([{ ...lines[0], timestamp, ...emf }]);
    expect(new Date(String(timestamp)).toISOString()).toBe(timestamp);
  });

  it('has the sockets and store handles that were opened since the last request in its line', async () => {
    const store = await openStore();
    await closeConnections();
    const request = { path: { store, product: '0'.repeat(24) } };
    lines = [];
    await call(getProduct, request);
    expect(requests()).toMatchObject([
      {
        ...{ StoreHandlesOpened: 1, connection: 'primary', SocketsOpened: expect.any(Number) },
        _aws: {
          CloudWatchMetrics: expect.arrayContaining(
            [['operation'], [], ['connection']].map((names) =>
              expect.objectContaining({ Dimensions: [['service', ...names]] }),
            ),
          ),
        },
      },
    ]);
    lines = [];
    await call(getProduct, request);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toHaveProperty('connection');
  });

  it('has the sockets of one connection in its line, and those of another one in a line of its own', async () => {
    await closeConnections();
    await Promise.all([ping('primary'), ping('secondary')]);
    lines = [];
    await call(getProduct, { path: { product: 'nonsense' } });
    const named = lines.map(({ message, connection }) => [message, connection]);
    expect(named.map(([message]) => message)).toEqual([undefined, 'request']);
    expect(named.map(([, connection]) => connection).sort()).toEqual(['primary', 'secondary']);
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

describe('a request that fails, and a task', () => {
  const contract = { summary: 'Ends as a test needs it.', servers: [] } as const;
  const ofAll = [{ Name: 'Faults', Unit: 'Count' }];

  it('counts a fault of its operation, and of all functions for the alarm, in its line with status 500', async () => {
    const handler = operation(
      {
        ...{ ...contract, name: 'get-nothing', routes: ['GET /nothing'], scope: 'public' },
        answers: { 204: null },
      },
      async () => {
        throw new Error('TopSecret');
      },
    );
    expect(await call(handler)).toMatchObject({ status: 500 });
    expect(lines).toMatchObject([
      {
        ...{ level: 'ERROR', message: 'request', operation: 'get-nothing', status: 500, Faults: 1 },
        error: { name: 'InternalError', cause: { name: 'Error' } },
        _aws: {
          CloudWatchMetrics: [
            { Dimensions: [['service', 'operation']] },
            { Dimensions: [['service']], Metrics: ofAll },
          ],
        },
      },
    ]);
  });

  it('has the numbers of its result as members and as metrics of one line with status 200', async () => {
    const handler = task(
      {
        ...{ ...contract, name: 'count-nothing' },
        input: z.strictObject({}),
        result: z.object({ checked: z.number(), failed: z.number(), stores: z.array(z.string()) }),
      },
      async () => ({ checked: 3, failed: 0, stores: [] }),
    );
    await invoke(handler);
    expect(lines).toMatchObject([
      {
        ...{ message: 'task', operation: 'count-nothing', status: 200, checked: 3, failed: 0 },
        _aws: {
          CloudWatchMetrics: [
            {
              Dimensions: [['service', 'operation']],
              Metrics: [
                { Name: 'Duration', Unit: 'Milliseconds' },
                { Name: 'Faults', Unit: 'Count' },
                { Name: 'checked', Unit: 'None' },
                { Name: 'failed', Unit: 'None' },
              ],
            },
          ],
        },
      },
    ]);
    expect(lines[0]).not.toHaveProperty('stores');
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
