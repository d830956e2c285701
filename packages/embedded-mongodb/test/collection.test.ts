import { describe, expect, test } from '@jest/globals';
import { until, withServer } from './with-server.ts';

const fixture = withServer();
const { collection } = fixture;
const admin = () => fixture.client.db('admin');

describe('renameCollection', () => {
  test('moves documents and indexes, also to another database', async () => {
    await collection('a').createIndex({ n: 1 }, { unique: true });
    await collection('a').insertOne({ n: 1 });
    await collection('a').rename('b');
    await admin().command({ renameCollection: 'shop.b', to: 'other.c' });
    const moved = fixture.client.db('other').collection('c');
    expect(await collection('b').countDocuments()).toBe(0);
    await expect(moved.insertOne({ n: 1 })).rejects.toMatchObject({
      code: 11000,
      message: expect.stringContaining('other.c'),
    });
    expect(await collection().db.listCollections().toArray()).toEqual([]);
  });

  test('needs a source, and a target that is free or may be dropped', async () => {
    await collection('a').insertOne({ n: 1 });
    await collection('b').insertOne({ n: 2 });
    await expect(collection('none').rename('c')).rejects.toMatchObject({ code: 26 });
    await expect(collection('a').rename('b')).rejects.toMatchObject({ code: 48 });
    await expect(collection('a').rename('a')).rejects.toThrow();
    await collection('a').rename('b', { dropTarget: true });
    expect(await collection('b').distinct('n')).toEqual([1]);
  });
});

describe('a collection', () => {
  test('is not made twice with other options', async () => {
    const { db } = collection();
    await db.createCollection('a');
    await db.createCollection('a');
    await expect(db.createCollection('a', { capped: true, size: 9 })).rejects.toMatchObject({
      code: 48,
    });
  });

  test.each([
    ['capped', { capped: true, size: 1000 }],
    ['of a time series', { timeseries: { timeField: 't' } }],
    ['a view', { viewOn: 'things', pipeline: [] }],
  ])('is refused if it is to be %s', async (_, options) => {
    const { db } = collection();
    await expect(db.createCollection('other', options)).rejects.toMatchObject({ code: 238 });
    expect(await db.listCollections({ name: 'other' }).toArray()).toEqual([]);
  });

  test('is listed by a filter, with or without what it is', async () => {
    const { db } = collection();
    await db.createCollection('apples');
    await db.createCollection('pears');
    const found = await db.listCollections({ name: 'pears' }).toArray();
    expect(found).toMatchObject([
      { name: 'pears', type: 'collection', idIndex: { key: { _id: 1 } } },
    ]);
    expect(await db.listCollections({ name: /^a/ }, { nameOnly: true }).toArray()).toEqual([
      { name: 'apples', type: 'collection' },
    ]);
  });

  test('is counted and measured', async () => {
    await collection().createIndex({ n: 1 });
    await collection().insertMany([{ n: 1 }, { n: 2 }]);
    expect(await collection().db.command({ collStats: 'things' })).toMatchObject({
      ns: 'shop.things',
      count: 2,
      nindexes: 2,
      indexSizes: { _id_: expect.any(Number), n_1: expect.any(Number) },
    });
    expect(await collection().db.stats()).toMatchObject({ collections: 1, objects: 2, indexes: 2 });
  });
});

describe('listDatabases', () => {
  test('lists by a filter, and names alone', async () => {
    await collection().insertOne({});
    await fixture.client.db('other').collection('a').insertOne({});
    const all = await admin().admin().listDatabases();
    expect(all.databases).toMatchObject([
      { name: 'other', empty: false },
      { name: 'shop', empty: false },
    ]);
    expect(all.totalSize).toBeGreaterThan(0);
    const { databases } = await admin()
      .admin()
      .listDatabases({
        filter: { name: 'shop' },
        nameOnly: true,
      });
    expect(databases).toEqual([{ name: 'shop' }]);
  });
});

describe('a TTL index', () => {
  const sleep = (seconds: number) =>
    admin().command({ setParameter: 1, ttlMonitorSleepSecs: seconds });

  test('removes what has expired, and nothing else', async () => {
    expect(await admin().command({ getParameter: 1, ttlMonitorSleepSecs: 1 })).toMatchObject({
      ttlMonitorSleepSecs: 60,
    });
    await collection().createIndex({ at: 1 }, { expireAfterSeconds: 60 });
    await collection('partial').createIndex(
      { at: -1 },
      { expireAfterSeconds: 0, partialFilterExpression: { kind: 'old' } },
    );
    const past = new Date(Date.now() - 120_000);
    const future = new Date(Date.now() + 120_000);
    await collection().insertMany([
      { _id: 1 as never, at: past },
      { _id: 2 as never, at: new Date() },
      { _id: 3 as never, at: 'never' },
      { _id: 4 as never },
      { _id: 5 as never, at: [future, past] },
    ]);
    await collection('partial').insertMany([
      { kind: 'old', at: past },
      { kind: 'new', at: past },
    ]);
    await sleep(0.01);
    await until(async () => (await collection().countDocuments()) === 3);
    await until(async () => (await collection('partial').countDocuments()) === 1);
    expect(await collection().distinct('_id')).toEqual([2, 3, 4]);
    expect(await collection('partial').distinct('kind')).toEqual(['new']);
    await sleep(60);
  });

  test('is changed by collMod', async () => {
    await collection().createIndex({ at: 1 }, { expireAfterSeconds: 3600 });
    await collection().insertOne({ at: new Date(Date.now() - 60_000) });
    const { db } = collection();
    const change = (index: object) => db.command({ collMod: 'things', index });
    expect(await change({ name: 'at_1', expireAfterSeconds: 30 })).toMatchObject({
      expireAfterSeconds_old: 3600,
      expireAfterSeconds_new: 30,
    });
    await sleep(0.01);
    await until(async () => (await collection().countDocuments()) === 0);
    await sleep(60);
    await expect(change({ name: 'none', hidden: true })).rejects.toMatchObject({ code: 27 });
    await expect(db.command({ collMod: 'none' })).rejects.toMatchObject({ code: 26 });
  });
});

describe('a cursor', () => {
  test('shows its documents as they were when it was opened', async () => {
    await collection().insertMany(Array.from({ length: 10 }, (_, n) => ({ n })));
    const cursor = collection().find().sort({ n: 1 }).batchSize(2);
    expect(await cursor.next()).toMatchObject({ n: 0 });
    await collection().deleteMany({ n: { $gt: 5 } });
    await collection().updateMany({}, { $inc: { n: 100 } });
    expect((await cursor.toArray()).map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('belongs to its namespace and its session', async () => {
    await collection().insertMany(Array.from({ length: 10 }, (_, n) => ({ n })));
    const session = fixture.client.startSession();
    const { db } = collection();
    const { cursor } = await db.command(
      { find: 'things', batchSize: 2 },
      { session, promoteLongs: false },
    );
    const getMore = (collectionName: string, more: object = {}) =>
      db.command(
        { getMore: cursor.id, collection: collectionName },
        { promoteLongs: false, ...more },
      );
    await expect(getMore('others', { session })).rejects.toMatchObject({ code: 13 });
    await expect(getMore('things')).rejects.toMatchObject({ code: 50738 });
    expect((await getMore('things', { session })).cursor.nextBatch).toHaveLength(8);
    await expect(getMore('things', { session })).rejects.toMatchObject({ code: 43 });
    await session.endSession();
  });

  test('is closed by killCursors, with its session, and when nobody has asked for long', async () => {
    await collection().insertMany(Array.from({ length: 10 }, (_, n) => ({ n })));
    const { db } = collection();
    const session = fixture.client.startSession();
    const open = async () =>
      (await db.command({ find: 'things', batchSize: 2 }, { session, promoteLongs: false })).cursor
        .id;
    const getMore = (id: unknown) => db.command({ getMore: id, collection: 'things' }, { session });
    const killed = await open();
    await db.command({ killCursors: 'things', cursors: [killed] }, { session });
    await expect(getMore(killed)).rejects.toMatchObject({ code: 43 });

    const idle = await open();
    await admin().command({ setParameter: 1, cursorTimeoutMillis: 1 });
    const openCursors = async () =>
      (await admin().command({ serverStatus: 1 })).metrics.cursor.open.total;
    await until(async () => Number(await openCursors()) === 0);
    await expect(getMore(idle)).rejects.toMatchObject({ code: 43 });
    await admin().command({ setParameter: 1, cursorTimeoutMillis: 600_000 });

    const orphan = await open();
    await admin().command({ endSessions: [session.id] });
    await expect(getMore(orphan)).rejects.toMatchObject({ code: 43 });
    await session.endSession();
  });
});
