import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { type EmbeddedMongo, startEmbeddedMongo } from '@manystore/embedded-mongodb';
import mongoose, { type mongo } from 'mongoose';
import {
  duplicateKeyFields,
  isBrokenConnection,
  isDuplicateKeyBulk,
  isSignInFailure,
  isUnavailable,
  manageConnection,
  retryOnce,
  transaction,
} from '../src/index.ts';
import { ERROR_LABELS, SERVER_CODES } from '../src/server-codes.ts';
import { secondCopy } from './support/second-copy.ts';
import { serve } from './support/served.ts';

/** With this code, a server rejects a write with a transaction number, which it does not support. */
const ILLEGAL_OPERATION = 20;
const { proxy } = await serve();
const second = await secondCopy();

const failureOf = (operation: Promise<unknown> | undefined): Promise<unknown> =>
  Promise.resolve(operation).then(
    () => expect(operation).toBe('rejected'),
    (error: unknown) => error,
  );

it('loads two copies of the driver, which have different classes', () => {
  expect(second.mongo.MongoError).not.toBe(mongoose.mongo.MongoError);
  const error = new second.mongo.MongoNetworkError('of the second copy');
  expect(error).not.toBeInstanceOf(mongoose.mongo.MongoError);
});

describe.each([
  ['this copy of the driver', mongoose],
  ['a second copy of the driver', second],
])('an error of %s', (_, { mongo: driver, createConnection }) => {
  async function withCollection(
    work: (skus: mongo.Collection<{ _id: string; sku: number }>) => Promise<void>,
    options = '',
  ): Promise<void> {
    const connection = await createConnection(proxy.uri + options).asPromise();
    const collection = connection.collection<{ _id: string; sku: number }>('skus');
    try {
      await collection.deleteMany({});
      await collection.createIndex({ sku: 1 }, { unique: true });
      await collection.insertOne({ _id: 'a', sku: 1 });
      await work(collection as unknown as mongo.Collection<{ _id: string; sku: number }>);
    } finally {
      await connection.close();
    }
  }

  it('is a duplicate key, with its fields in a single write and without them in a bulk write', () =>
    withCollection(async (skus) => {
      const alone = await failureOf(skus.insertOne({ _id: 'b', sku: 1 }));
      expect(duplicateKeyFields(alone)).toEqual(['sku']);
      expect(isDuplicateKeyBulk(alone)).toBe(false);
      const bulk = await failureOf(skus.insertMany([{ _id: 'c', sku: 1 }]));
      // The driver drops the key pattern that the server reported.
      expect(duplicateKeyFields(bulk)).toEqual([]);
      expect(isDuplicateKeyBulk(bulk)).toBe(true);
      expect(isUnavailable(bulk)).toBe(false);
    }));

  it('is a broken connection, in a single write and in a bulk write', () =>
    withCollection(async (skus) => {
      proxy.decide = (name) => (name === 'insert' || name === 'find' ? 'cut after' : 'pass');
      for (const failing of [
        skus.findOne({ _id: 'a' }),
        skus.insertOne({ _id: 'd', sku: 4 }),
        skus.insertMany([{ _id: 'e', sku: 5 }]),
      ]) {
        const error = await failureOf(failing);
        expect(isBrokenConnection(error)).toBe(true);
        expect(isUnavailable(error)).toBe(true);
        expect(isDuplicateKeyBulk(error)).toBe(false);
        expect(duplicateKeyFields(error)).toBeUndefined();
      }
    }, '&retryReads=false&retryWrites=false'));

  it('is neither a broken connection nor unavailable when a server without retryable writes rejects a bulk write', async () => {
    const connection = await createConnection(proxy.uri).asPromise();
    const failPoint = (rest: object) =>
      connection
        .getClient()
        .db('admin')
        .command({ configureFailPoint: 'failCommand', ...rest });
    const data = { failCommands: ['insert'], errorCode: ILLEGAL_OPERATION };
    await failPoint({ mode: 'alwaysOn', data });
    const error = await failureOf(connection.collection('skus').insertMany([{ sku: 7 }]));
    await failPoint({ mode: 'off' });
    await connection.close();
    expect(String(error)).toMatch(/^MongoBulkWriteError: .* retryable writes/);
    expect([isBrokenConnection(error), isUnavailable(error)]).toEqual([false, false]);
  });

  it('is not a broken connection when the driver has retried the write', () =>
    withCollection(async (skus) => {
      proxy.decide = (name) => (name === 'insert' ? 'cut after' : 'pass');
      const error = await failureOf(skus.insertOne({ _id: 'f', sku: 6 }));
      expect(isBrokenConnection(error)).toBe(false);
      expect(isUnavailable(error)).toBe(true);
    }));

  it('is unavailable when there is no server, no pool or no client', async () => {
    const unavailable = [
      new driver.MongoServerSelectionError('no server', {} as never),
      new driver.MongoNetworkError('cut'),
      new driver.MongoNetworkTimeoutError('silent'),
      new driver.MongoNotConnectedError('not connected'),
      new driver.MongoServerClosedError('closed'),
      new driver.MongoTopologyClosedError('closed'),
      new driver.MongoClientClosedError(),
      new driver.MongoServerError({ message: 'not primary', code: 10107 }),
    ];
    for (const error of unavailable)
      expect([error.name, isUnavailable(error)]).toEqual([error.name, true]);
    const others = [
      new driver.MongoServerError({ message: 'bad value', code: 2 }),
      new driver.MongoParseError('bad connection string'),
    ];
    for (const error of others)
      expect([error.name, isUnavailable(error)]).toEqual([error.name, false]);
  });

  it('is recognised by its base class', () => {
    class OwnTimeout extends driver.MongoNetworkTimeoutError {
      override get name() {
        return 'OwnTimeout';
      }
    }
    expect(isBrokenConnection(new OwnTimeout('silent'))).toBe(true);
    expect(isUnavailable(new OwnTimeout('silent'))).toBe(true);
  });

  it('is unavailable when mongoose cannot connect', async () => {
    await proxy.shut();
    const connection = createConnection();
    const error = await failureOf(connection.openUri(proxy.uri));
    expect(error).toMatchObject({ name: 'MongooseServerSelectionError' });
    expect(isUnavailable(error)).toBe(true);
  });

  it('makes a managed connection of that copy reconnect', async () => {
    const orders = manageConnection({
      connection: () => createConnection() as mongoose.Connection,
      connect: (connection) => connection.openUri(proxy.uri),
    });
    await orders.open();
    await proxy.shut();
    await orders.ping().catch(() => {});
    await orders.ping().catch(orders.reportFailure);
    expect(orders.opened).toBeUndefined();
    await proxy.listen();
    await orders.ping();
    await orders.close();
  });

  it('makes retryOnce retry a read, and transaction retry its work', async () => {
    const connection = (await createConnection(proxy.uri).asPromise()) as mongoose.Connection;
    let runs = 0;
    const error = new driver.MongoNetworkError('cut');
    const failFirst = async () => {
      runs += 1;
      if (runs === 1) throw error;
      return runs;
    };
    expect(await retryOnce(failFirst)).toBe(2);

    runs = 0;
    const conflict = new driver.MongoServerError({
      message: 'conflict',
      code: 112,
      errorLabels: ['TransientTransactionError'],
    });
    const { signal } = new AbortController();
    const result = await transaction(
      connection,
      async () => {
        runs += 1;
        if (runs === 1) throw conflict;
        return runs;
      },
      signal,
    );
    expect(result).toBe(2);
    await connection.close();
  });
});

describe('an error that does not come from the driver', () => {
  it.each([
    undefined,
    null,
    'text',
    11000,
    {},
    new Error('other'),
    Object.assign(new Error('other'), { code: 11000 }),
  ])('matches no check: %p', (error) => {
    expect(duplicateKeyFields(error)).toBeUndefined();
    expect(isDuplicateKeyBulk(error)).toBe(false);
    expect(isBrokenConnection(error)).toBe(false);
    expect(isUnavailable(error)).toBe(false);
  });

  it.each(['ECONNRESET', 'EPIPE'])('is a broken connection with the bare code %s', (code) => {
    const error = Object.assign(new Error('write'), { code });
    expect(isBrokenConnection(error)).toBe(true);
    expect(isUnavailable(error)).toBe(true);
  });

  it('is recognised across realms, as with Node errors inside Jest', async () => {
    const server: EmbeddedMongo = await startEmbeddedMongo();
    const { port } = server;
    await server.stop();
    const { createConnection } = await import('node:net');
    const refused = await new Promise((resolve) => createConnection(port).on('error', resolve));
    expect(isUnavailable(refused)).toBe(true);
  });
});

describe('the tables of error codes and labels', () => {
  it('contain every code and every label of the driver', () => {
    // Every list of codes in this file of the driver consists of these.
    const driver = createRequire(import.meta.url)('mongodb/lib/error.js');
    const codes: [name: string, code: number][] = Object.entries(driver.MONGODB_ERROR_CODES);
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter(([name, code]) => SERVER_CODES.get(code)?.name !== name)).toEqual([]);
    const labels = Object.keys(driver.MongoErrorLabel);
    expect(labels.toSorted()).toEqual(Object.keys(ERROR_LABELS).toSorted());
  });

  it('decide which errors of a server are unavailable', () => {
    const { MongoServerError } = mongoose.mongo;
    // LockTimeout, WriteConcernTimeout, WriteConflict, NoSuchTransaction and overload.
    for (const code of [24, 64, 112, 251, 462])
      expect([code, SERVER_CODES.get(code)?.isTransient]).toEqual([code, true]);
    for (const [code, { isTransient }] of SERVER_CODES) {
      const error = new MongoServerError({ message: 'failed', code: code as number });
      expect([code, isUnavailable(error)]).toEqual([code, isTransient]);
    }
    for (const [label, isTransient] of Object.entries(ERROR_LABELS)) {
      const error = new MongoServerError({ message: 'failed', errorLabels: [label] });
      expect([label, isUnavailable(error)]).toEqual([label, isTransient]);
    }
  });
});

it('is a failed sign-in when a server rejects the user name or the password', async () => {
  const users = [{ user: 'app', pwd: 'right', roles: ['read'] }];
  const server = await startEmbeddedMongo({ users });
  const connectAs = async (login: string) => {
    const uri = server.uri.replace('mongodb://', `mongodb://${login}@`);
    const connection = await mongoose.createConnection(uri).asPromise();
    const denied = connection.collection('a').insertOne({});
    return denied.finally(() => connection.close());
  };
  for (const login of ['app:wrong', 'nobody:right'])
    expect(isSignInFailure(await failureOf(connectAs(login)))).toBe(true);
  // This user may not write.
  expect(isSignInFailure(await failureOf(connectAs('app:right')))).toBe(false);
  expect(isSignInFailure(new Error('Authentication failed.'))).toBe(false);
  await server.stop();
});
