import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Collection, Decimal128, Double, Long, MongoClient } from 'mongodb';
import type { EmbeddedMongoOptions } from '../src/options.ts';
import { startEmbeddedMongo } from '../src/server.ts';
import { withFolders } from './with-folders.ts';
import { until } from './with-server.ts';

const bin = fileURLToPath(new URL('../bin/embedded-mongodb.js', import.meta.url));
const newFolder = withFolders();
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function connect(uri: string, options = {}): Promise<MongoClient> {
  const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 5000, ...options });
  cleanups.push(() => client.close());
  return client;
}

/** Starts a server in this process. */
async function serve(options: EmbeddedMongoOptions) {
  const server = await startEmbeddedMongo(options);
  cleanups.push(() => server.stop());
  return server;
}

/** Runs the command in a process of its own; `uri` is empty if it ends without listening. */
async function command(folder: string) {
  const child = spawn(process.execPath, [bin, '--port', '0', '--data', folder]);
  cleanups.push(() => child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const closed = once(child, 'close');
  while (!stdout.includes('Ctrl-C') && child.exitCode === null) {
    await Promise.race([once(child.stdout, 'data'), closed]);
  }
  if (!stdout.includes('Ctrl-C')) await closed;
  const [uri = ''] = /mongodb:\S+/.exec(stdout) ?? [];
  return { child, closed, uri, stdout, stderr };
}

/** Reads all that a client can see of a server's databases. */
async function contentsOf(client: MongoClient): Promise<unknown[]> {
  const contents: unknown[] = [];
  const { databases } = await client.db().admin().listDatabases();
  for (const { name } of databases) {
    const db = client.db(name);
    const collections = await db.listCollections().toArray();
    for (const description of collections.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const collection = db.collection(description.name);
      const documents = await collection.find({}, { raw: true }).toArray();
      contents.push({
        description: JSON.stringify(description),
        indexes: await collection.listIndexes().toArray(),
        documents: documents.map((bytes) => (bytes as unknown as Buffer).toString('hex')),
      });
    }
  }
  return contents;
}

/** Changes everything that can be changed, in several databases. */
async function changeEverything(client: MongoClient): Promise<void> {
  const db = client.db('shop');
  await db.createCollection('checked', { validator: { a: { $type: 'int' } } });
  await db.command({ collMod: 'checked', validationAction: 'warn' });
  const things = db.collection('things');
  await things.insertMany([
    { sku: 'A', n: 1, at: new Date(1) },
    { sku: 'B', n: new Double(1), big: Long.fromString('9007199254740993') },
    { sku: 'C', n: Decimal128.fromString('1.50'), list: [1, /x/i, null] },
    { sku: 'D', n: 2 },
  ]);
  await things.createIndex({ sku: 1 }, { unique: true });
  await things.createIndex({ n: 1 }, { partialFilterExpression: { n: { $gt: 1 } } });
  await things.createIndex({ at: 1 }, { expireAfterSeconds: 1_000_000_000 });
  await things.createIndex({ list: 1, n: -1 });
  await db.command({ collMod: 'things', index: { name: 'at_1', expireAfterSeconds: 2e9 } });
  await things.dropIndex('n_1');
  await things.updateOne({ sku: 'A' }, { $set: { extra: true } });
  await things.deleteOne({ sku: 'D' });
  await things.aggregate([{ $match: { sku: 'A' } }, { $out: 'copies' }]).toArray();
  await db.collection('old').insertOne({ a: 1 });
  await db.collection('old').rename('new');
  await db.collection('taken').insertOne({ a: 2 });
  await db.collection('new').rename('taken', { dropTarget: true });
  await db.collection('dropped').insertOne({ a: 1 });
  await db.collection('dropped').drop();
  await client.db('gone').collection('things').insertOne({ a: 1 });
  await client.db('gone').dropDatabase();
  await client.withSession((session) =>
    session.withTransaction(async () => {
      await client.db('other').collection('made').insertOne({ a: 1 }, { session });
      await client.db('other').collection('made').createIndex({ b: 1 }, { session });
      await things.updateOne({ sku: 'B' }, { $inc: { n: 1 } }, { session });
    }),
  );
  await client.withSession(async (session) => {
    session.startTransaction();
    await things.deleteMany({}, { session });
    await db.collection('aborted').insertOne({ a: 1 }, { session });
    await session.abortTransaction();
  });
  // A failed command keeps what precedes its error.
  const failure = things.insertMany([{ sku: 'E' }, { sku: 'A' }, { sku: 'F' }]);
  await expect(failure).rejects.toMatchObject({ code: 11000 });
}

describe('a server with a data folder', () => {
  test('has the same documents, collections and indexes after a restart, twice', async () => {
    const dataFolder = newFolder();
    const first = await serve({ dataFolder });
    const client = await connect(first.uri);
    await changeEverything(client);
    const before = await contentsOf(client);
    expect(before).toHaveLength(5);
    await client.close();
    await first.stop();
    const second = await serve({ dataFolder });
    const other = await connect(second.uri);
    expect(await contentsOf(other)).toEqual(before);
    const things = other.db('shop').collection('things');
    await expect(things.insertOne({ sku: 'A' })).rejects.toMatchObject({ code: 11000 });
    await things.insertOne({ sku: 'Z' });
    await things.dropIndexes();
    const after = await contentsOf(other);
    await second.stop();
    await second.start();
    expect(await contentsOf(other)).toEqual(after);
  });

  test('has no data after clear() and a restart', async () => {
    const dataFolder = newFolder();
    const server = await serve({ dataFolder });
    const client = await connect(server.uri);
    await changeEverything(client);
    server.clear();
    await client.db('shop').collection('things').insertOne({ a: 1 });
    await client.close();
    await server.stop();
    const again = await serve({ dataFolder });
    const { databases } = await (await connect(again.uri)).db().admin().listDatabases();
    expect(databases.map(({ name }) => name)).toEqual(['shop']);
  });

  test('forgets expired documents for good', async () => {
    const dataFolder = newFolder();
    const server = await serve({ dataFolder });
    const client = await connect(server.uri);
    await client.db('admin').command({ setParameter: 1, ttlMonitorSleepSecs: 0.01 });
    const things = client.db('shop').collection('things');
    await things.insertMany([{ at: new Date(0) }, { at: new Date(2e12) }]);
    await things.createIndex({ at: 1 }, { expireAfterSeconds: 1 });
    await until(async () => (await things.countDocuments()) === 1);
    await client.close();
    await server.stop();
    const again = await serve({ dataFolder });
    const left = (await connect(again.uri)).db('shop').collection('things');
    expect(await left.distinct('at')).toEqual([new Date(2e12)]);
  });

  test('keeps its users, and gives those of its options the new password and roles', async () => {
    const dataFolder = newFolder();
    const root = { user: 'root', pwd: 'old', roles: ['root'] };
    const first = await serve({ dataFolder, users: [root] });
    const auth = { username: 'root', password: 'old' };
    const client = await connect(first.uri, { auth });
    const admin = client.db('admin');
    await admin.command({
      createUser: 'app',
      pwd: 'secret',
      roles: ['read'],
      customData: { a: 1 },
    });
    await admin.command({ createUser: 'gone', pwd: 'secret', roles: [] });
    await admin.command({ grantRolesToUser: 'app', roles: [{ role: 'readWrite', db: 'shop' }] });
    await admin.command({ dropUser: 'gone' });
    const before = await admin.command({ usersInfo: 1 });
    await client.close();
    await first.stop();
    const second = await serve({ dataFolder, users: [{ ...root, pwd: 'new' }] });
    await expect(connect(second.uri, { auth })).rejects.toMatchObject({ code: 18 });
    const again = await connect(second.uri, { auth: { ...auth, password: 'new' } });
    const { users } = await again.db('admin').command({ usersInfo: 1 });
    expect(users).toEqual(before.users);
    const app = await connect(second.uri, { auth: { username: 'app', password: 'secret' } });
    await app.db('shop').collection('things').insertOne({ a: 1 });
  });

  test('has every acknowledged write, and only whole transactions, after SIGKILL', async () => {
    const folder = newFolder();
    const { uri, child, closed, stdout } = await command(folder);
    expect(stdout).toContain(`The data is stored in ${folder}. Press Ctrl-C`);
    const client = await connect(uri, { serverSelectionTimeoutMS: 500 });
    const db = client.db('shop');
    await db.collection('pairs').createIndex({ n: 1 }, { unique: true });
    await db.createCollection('others');
    const acknowledged = {
      inserts: [] as number[],
      counts: new Map<number, number>(),
      pairs: [] as number[],
    };
    let number = 0;

    /** Repeats a write until the server is killed. */
    async function repeat(write: () => Promise<unknown>): Promise<void> {
      for (;;) if ((await write().catch(() => 'failed')) === 'failed') return;
    }
    const insertOne = async () => {
      const _id = ++number;
      await db.collection<{ _id: number }>('inserts').insertOne({ _id });
      acknowledged.inserts.push(_id);
    };
    const increment = (_id: number) => async () => {
      const counters: Collection<{ _id: number; n: number }> = db.collection('counters');
      await counters.updateOne({ _id }, { $inc: { n: 1 } }, { upsert: true });
      acknowledged.counts.set(_id, (acknowledged.counts.get(_id) ?? 0) + 1);
    };
    const insertPair = async () => {
      const n = ++number;
      await client.withSession((session) =>
        session.withTransaction(async () => {
          await db.collection('pairs').insertOne({ n }, { session });
          await db.collection('others').insertOne({ n }, { session });
        }),
      );
      acknowledged.pairs.push(n);
    };
    const writers = [1, 2, 3].flatMap((id) => [
      repeat(insertOne),
      repeat(increment(id)),
      repeat(insertPair),
    ]);
    await until(() => acknowledged.inserts.length > 100 && acknowledged.pairs.length > 30);
    child.kill('SIGKILL');
    await Promise.all([closed, ...writers]);

    const server = await serve({ dataFolder: folder });
    const read = (await connect(server.uri)).db('shop');
    const inserts = await read.collection('inserts').distinct('_id');
    expect(inserts).toEqual(expect.arrayContaining(acknowledged.inserts));
    for (const [_id, count] of acknowledged.counts) {
      const counter = await read
        .collection<{ _id: number; n: number }>('counters')
        .findOne({ _id });
      expect(counter?.n).toBeGreaterThanOrEqual(count);
      // Each writer has one write at a time whose response it may have lost.
      expect(counter?.n).toBeLessThanOrEqual(count + 1);
    }
    const pairs = await read.collection('pairs').distinct('n');
    expect(pairs).toEqual(expect.arrayContaining(acknowledged.pairs));
    expect(await read.collection('others').distinct('n')).toEqual(pairs);
    const taken = read.collection('pairs').insertOne({ n: pairs[0] });
    await expect(taken).rejects.toMatchObject({ code: 11000 });
  }, 60_000);

  test('is the only one that can use the folder, until it stops', async () => {
    const dataFolder = newFolder();
    const server = await serve({ dataFolder });
    const message = `The data folder ${dataFolder} is in use by process ${process.pid}. Stop it, or choose another folder. If that process is not a MongoDB server, delete ${join(dataFolder, 'lock')}.`;
    await expect(serve({ dataFolder })).rejects.toThrow(message);
    const refused = await command(dataFolder);
    expect(await refused.closed).toEqual([1, null]);
    expect(refused.stderr).toBe(`embedded-mongodb: ${message}\n`);
    expect(refused.stdout).toBe('');
    await server.stop();
    expect(readdirSync(dataFolder)).toEqual(['data.log']);
  }, 30_000);

  test('does not start if the folder cannot be created, or its port is in use', async () => {
    const noFolder = join(bin, 'data');
    await expect(serve({ dataFolder: noFolder })).rejects.toMatchObject({
      name: 'DataFolderError',
      message: expect.stringContaining(`Cannot use the data folder ${noFolder}: ENOTDIR`),
    });
    const { port } = await serve({});
    const dataFolder = newFolder();
    await expect(serve({ dataFolder, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(existsSync(join(dataFolder, 'lock'))).toBe(false);
  });
});
