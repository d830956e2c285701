import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { mongo } from 'mongoose';
import { closeConnections } from '#lib/connections.ts';
import { readParameter } from '#lib/runtime/parameter-store.ts';
import { secretsSource } from '#lib/runtime/secrets.ts';
import { settings } from '#lib/runtime/settings.ts';
import { handler as createStore } from '../../../functions/create-store.ts';
import { handler as listProducts } from '../../../functions/list-products.ts';
import { handler } from '../../../functions/list-stores.ts';
import { handler as searchProducts } from '../../../functions/search-products.ts';
import { call } from '../../support/gateway.ts';
import {
  ParameterStore,
  parameter,
  refusal,
  type StoreAnswer,
} from '../../support/parameter-store.ts';
import { cluster, run, servers } from '../../support/settings.ts';
import { WireProxy } from '../../support/wire-proxy.ts';

/*
 * On AWS, the secrets are a parameter of Systems Manager, and the connection string of each cluster is another one. Here, a
 * local server replaces it.
 */

const store = new ParameterStore({
  id: 'id-of-the-role',
  secret: 'its secret',
  token: 'its token',
});
const cursor = 'signs the cursors of this very test';
const secrets = parameter(JSON.stringify({ ...servers, cursor }));

const request = () => call(handler);

let passed = 0;
/** Lets the time pass after which a parameter is read again. */
const wait = () => {
  passed += 31_000;
};

/** Starts a server with a user whose password is "one", behind a proxy. */
async function startGuarded() {
  const server = await startEmbeddedMongo({
    users: [
      { user: 'u', pwd: 'one', roles: ['readWriteAnyDatabase', 'dbAdminAnyDatabase'] },
      { user: 'root', pwd: 'root', roles: ['root'] },
    ],
  });
  const proxy = await new WireProxy(server.uri).listen();
  return {
    /** The connection string of the user with a password. */
    as: (password: string) => proxy.uri.replace('mongodb://', `mongodb://u:${password}@`),
    /** Changes the password, and cuts the sockets: open ones stay signed in. */
    async changePassword(pwd: string) {
      const root = await mongo.MongoClient.connect(
        server.uri.replace('mongodb://', 'mongodb://root:root@'),
      );
      await root.db('admin').command({ updateUser: 'u', pwd });
      await root.close();
      proxy.cut();
    },
    async [Symbol.asyncDispose]() {
      await proxy.shut();
      await server.stop();
    },
  };
}

beforeAll(async () => {
  Object.assign(process.env, await store.listen());
  process.env.SECRETS_PARAMETER = '/manystore/test secrets';
  delete process.env.PRIMARY_CONN_STR;
  delete process.env.SECONDARY_CONN_STR;
  delete process.env.CURSOR_SECRET;
  // It is only used locally.
  process.env.CLUSTER_CONN_STRS = 'not JSON';
  const { now } = Date;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + passed);
});
beforeEach(() => {
  store.asked.length = 0;
});
afterAll(() => {
  store.shut();
  jest.restoreAllMocks();
});

it.each([
  ['the role may not read it', refusal(400, 'AccessDeniedException'), 1],
  ['there is no such parameter', refusal(400, 'ParameterNotFound'), 1],
  ['Parameter Store fails', refusal(500, 'InternalServerError'), 3],
  ['the response is not from Parameter Store', { status: 200, body: '<html>' }, 1],
  ['the parameter is not JSON', parameter('s3cret'), 1],
  ['the parameter is not an object', parameter('null'), 1],
  ['the parameter lacks a member', parameter('{"primary":"mongodb://u:s3cret@x"}'), 1],
  ...['', ' '.repeat(40), 's3cret', `s3cret${'.'.repeat(25)}`].map(
    (short): [string, StoreAnswer, number] => [
      `the secret of cursors is ${JSON.stringify(short)}`,
      parameter(JSON.stringify({ ...servers, cursor: short })),
      1,
    ],
  ),
  ...['', ' '].map((empty): [string, StoreAnswer, number] => [
    `a connection string is ${JSON.stringify(empty)}`,
    parameter(JSON.stringify({ ...servers, secondary: empty, cursor })),
    1,
  ]),
])('answers 503, and retries with the next request, when %s', async (_, answer, times) => {
  store.answers = [answer];
  const { status, body } = await request();
  expect([status, body.title]).toEqual([503, 'Service unavailable']);
  expect(JSON.stringify(body)).not.toContain('s3cret');
  expect(store.asked).toHaveLength(times);
});

it("reads the secrets once, with the function's role, after a ThrottlingException", async () => {
  store.answers = [refusal(400, 'ThrottlingException'), secrets];
  expect(await request()).toMatchObject({ status: 200, body: { items: [] } });
  expect(await request()).toMatchObject({ status: 200 });
  const asked = {
    target: 'AmazonSSM.GetParameter',
    Name: '/manystore/test secrets',
    WithDecryption: true,
  };
  expect(store.asked).toEqual([asked, asked]);
});

it('retries when the connection breaks', async () => {
  const { secrets: place } = settings();
  if (!('parameter' in place)) throw new Error('It has its secrets already');
  store.answers = [];
  const value = readParameter(place);
  while (store.asked.length === 0) await new Promise(setImmediate);
  store.answers = [secrets];
  expect(JSON.parse(await value)).toEqual({ ...servers, cursor });
});

describe('the connection string of a cluster', () => {
  const parameterOf = (name: string) => `/manystore/test secrets/clusters/${name}`;
  const listed = (...names: string[]): StoreAnswer => ({
    status: 200,
    body: JSON.stringify({ Parameters: names.map((name) => ({ Name: parameterOf(name) })) }),
  });
  const asked = () => store.asked.map((call) => (call as { Name?: string; Path?: string }).Name);
  const create = (id: string, name: string) => {
    const body = { id: `${id}-${run}`, name: 'A Store', currency: 'EUR', cluster: name };
    return call(createStore, { body });
  };
  const list = (id: string) => call(listProducts, { path: { store: `${id}-${run}` } });

  it('is read once, when the cluster is first needed, and by one request for all', async () => {
    store.answers = [listed('eu-1', 'NOT A NAME', 'eu-3'), parameter(cluster)];
    expect(await create('first', 'eu-1')).toMatchObject({ status: 201 });
    expect(store.asked).toEqual([
      { target: 'AmazonSSM.GetParametersByPath', Path: '/manystore/test secrets/clusters' },
      { target: 'AmazonSSM.GetParameter', Name: parameterOf('eu-1'), WithDecryption: true },
    ]);
    const { status, body } = await create('second', 'eu-2');
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ reason: 'must be one of primary, eu-1, eu-3' }]);
    await Promise.all(Array.from({ length: 5 }, () => list('first')));
    expect(store.asked).toHaveLength(2);
  });

  it('is read again after at least 30 s if there was none, so that a new cluster needs no deployment', async () => {
    wait();
    store.answers = [
      { status: 200, body: JSON.stringify({ Parameters: [], NextToken: 'more' }) },
      listed('new'),
      refusal(400, 'ParameterNotFound'),
    ];
    const refused = await create('third', 'new');
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, expect.any(String)]);
    expect(store.asked).toHaveLength(3);
    store.answers = [parameter(cluster.replace('-eu-1', '-new'))];
    expect(await create('third', 'new')).toMatchObject({ status: 503 });
    expect(store.asked).toHaveLength(3);
    wait();
    store.answers = [listed('new'), ...store.answers];
    expect(await create('third', 'new')).toMatchObject({ status: 201 });
    expect(asked().slice(3)).toEqual([undefined, parameterOf('new')]);
  });

  it('is read again after a refused sign-in, and at most every 30 s', async () => {
    await using server = await startGuarded();
    const as = (password: string) => parameter(server.as(password));
    wait();
    store.answers = [listed('guarded'), as('two')];
    expect(await create('fourth', 'guarded')).toMatchObject({ status: 503 });
    expect(await create('fourth', 'guarded')).toMatchObject({ status: 503 });
    expect(store.asked).toHaveLength(2);
    wait();
    store.answers = [listed('guarded'), as('one')];
    expect(await create('fourth', 'guarded')).toMatchObject({ status: 201 });
    expect(await list('fourth')).toMatchObject({ status: 200 });
    expect(store.asked).toHaveLength(4);

    // While it is connected, the sign-in of further sockets is refused.
    await server.changePassword('three');
    wait();
    store.answers = [as('three')];
    expect(await list('fourth')).toMatchObject({ status: 503 });
    expect(await list('fourth')).toMatchObject({ status: 200 });
    expect(store.asked).toHaveLength(5);

    // A connection string that was rejected is kept while there is no other one: it may work again.
    await server.changePassword('four');
    wait();
    store.answers = [refusal(400, 'AccessDeniedException')];
    expect(await list('fourth')).toMatchObject({ status: 503 });
    expect(await list('fourth')).toMatchObject({ status: 503 });
    expect(store.asked).toHaveLength(6);
    await server.changePassword('three');
    expect(await list('fourth')).toMatchObject({ status: 200 });
  });

  it('answers 503 while Parameter Store fails, if there is none yet', async () => {
    wait();
    store.answers = [refusal(400, 'AccessDeniedException')];
    expect(await create('fifth', 'eu-1')).toMatchObject({ status: 503 });
  });
});

describe('the connection strings of the servers', () => {
  it.each([
    ['primary', () => call(handler)],
    ['secondary', () => call(searchProducts, { query: { q: 'tent' } })],
  ])('are read again when the %s rejects their user, and at most every 30 s', async (name, ask) => {
    await using server = await startGuarded();
    const as = (password: string) =>
      parameter(JSON.stringify({ ...servers, [name]: server.as(password), cursor }));

    // The parameter names another server, which the open connection is replaced with.
    secretsSource.distrust();
    wait();
    store.answers = [as('one')];
    expect(await ask()).toMatchObject({ status: 200 });
    expect(await ask()).toMatchObject({ status: 200, body: { items: [] } });
    expect(store.asked).toHaveLength(1);

    await server.changePassword('two');
    store.answers = [as('two')];
    expect(await ask()).toMatchObject({
      status: 503,
      headers: { 'retry-after': expect.any(String) },
    });
    expect(await ask()).toMatchObject({ status: 503 });
    expect(store.asked).toHaveLength(1);
    wait();
    expect(await ask()).toMatchObject({ status: 200 });
    expect(await ask()).toMatchObject({ status: 200 });
    expect(store.asked).toHaveLength(2);

    // The same for a container that is not connected.
    await closeConnections();
    await server.changePassword('three');
    store.answers = [as('three')];
    wait();
    expect(await ask()).toMatchObject({ status: 503 });
    expect(await ask()).toMatchObject({ status: 200 });
    expect(store.asked).toHaveLength(3);
  });
});
