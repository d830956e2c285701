import { afterEach, describe, expect, test } from '@jest/globals';
import type { ClientSession, Collection, Document } from 'mongodb';
import { until, withServer } from './with-server.ts';

const fixture = withServer();
const { collection, failCommand } = fixture;
const sessions: ClientSession[] = [];

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.endSession()));
});

/** A session with a transaction that is about to begin; ended after the test. */
function begin(): ClientSession {
  const session = fixture.client.startSession();
  sessions.push(session);
  session.startTransaction();
  return session;
}

function other(): Collection<Document> {
  return fixture.client.db('elsewhere').collection('things');
}

const conflict = { code: 112, errorLabels: expect.arrayContaining(['TransientTransactionError']) };

describe('a transaction', () => {
  test('changes several databases together, and not before it is committed', async () => {
    await collection().insertMany([
      { _id: 1 as never, n: 1 },
      { _id: 2 as never, n: 2 },
    ]);
    const session = begin();
    await collection().updateOne({ n: 1 }, { $set: { n: 10 } }, { session });
    await collection().deleteOne({ n: 2 }, { session });
    await other().insertOne({ n: 3 }, { session });
    expect(await collection().find({}, { session }).toArray()).toEqual([{ _id: 1, n: 10 }]);
    expect(await other().findOne({ n: 3 }, { session })).not.toBeNull();
    expect(await collection().distinct('n')).toEqual([1, 2]);
    expect(await other().findOne({})).toBeNull();
    await session.commitTransaction();
    expect(await collection().distinct('n')).toEqual([10]);
    expect(await other().distinct('n')).toEqual([3]);
  });

  test('that is aborted leaves nothing behind, not even a collection', async () => {
    await collection().insertOne({ n: 1 });
    const session = begin();
    await collection().updateMany({}, { $inc: { n: 1 } }, { session });
    await other().insertOne({ n: 3 }, { session });
    await session.abortTransaction();
    expect(await collection().distinct('n')).toEqual([1]);
    expect(await other().db.listCollections().toArray()).toEqual([]);
  });

  test('reads everything as it was when it began', async () => {
    await collection().createIndex({ n: 1 });
    await collection().insertMany([{ n: 1 }, { n: 2 }, { n: 3 }]);
    const session = begin();
    await other().findOne({}, { session });
    await collection().insertOne({ n: 0 });
    await collection().updateOne({ n: 2 }, { $set: { n: 20 } });
    await collection().deleteOne({ n: 3 });
    const seen = async () =>
      (
        await collection()
          .find({ n: { $gte: 0 } }, { session })
          .sort({ n: -1 })
          .toArray()
      ).map(({ n }) => n);
    expect(await seen()).toEqual([3, 2, 1]);
    expect(await collection().findOne({ n: 20 }, { session })).toBeNull();
    await collection().updateOne({ n: 1 }, { $set: { n: 5 } }, { session });
    expect(await seen()).toEqual([5, 3, 2]);
    await session.commitTransaction();
    expect(
      await collection()
        .find()
        .sort({ n: 1 })
        .map(({ n }) => n)
        .toArray(),
    ).toEqual([0, 5, 20]);
  });

  test('pages through its snapshot while others write', async () => {
    await collection().insertMany(Array.from({ length: 20 }, (_, n) => ({ n })));
    const session = begin();
    const cursor = collection().find({}, { session }).sort({ n: 1 }).batchSize(3);
    expect(await cursor.next()).toMatchObject({ n: 0 });
    await collection().deleteMany({});
    expect(await cursor.toArray()).toHaveLength(19);
    expect(
      await collection()
        .aggregate([{ $count: 'n' }], { session })
        .next(),
    ).toEqual({ n: 20 });
    await session.commitTransaction();
    expect(await collection().countDocuments()).toBe(0);
  });

  test('cannot write what another one is writing, or has written since', async () => {
    await collection().insertMany([{ a: 1 }, { a: 2 }]);
    const [one, two, three] = [begin(), begin(), begin()];
    await collection().findOne({}, { session: three });
    await collection().updateOne({ a: 1 }, { $set: { b: 1 } }, { session: one });
    await expect(
      collection().updateOne({ a: 1 }, { $set: { b: 2 } }, { session: two }),
    ).rejects.toMatchObject(conflict);
    await one.commitTransaction();
    await expect(collection().deleteOne({ a: 1 }, { session: three })).rejects.toMatchObject(
      conflict,
    );
    expect(await collection().findOne({ a: 1 })).toMatchObject({ b: 1 });
  });

  test('keeps unique keys, its own and those of others', async () => {
    await collection().createIndex({ sku: 1 }, { unique: true });
    await collection().insertMany([{ sku: 'A' }, { sku: 'B' }]);
    const [one, two, three] = [begin(), begin(), begin()];
    await expect(collection().insertOne({ sku: 'A' }, { session: one })).rejects.toMatchObject({
      code: 11000,
    });
    await collection().insertOne({ sku: 'C' }, { session: two });
    await expect(collection().insertOne({ sku: 'C' }, { session: three })).rejects.toMatchObject(
      conflict,
    );
    // A key that the transaction itself has freed is free for it.
    await collection().deleteOne({ sku: 'B' }, { session: two });
    await collection().updateOne({ sku: 'A' }, { $set: { sku: 'B' } }, { session: two });
    await collection().insertOne({ sku: 'A' }, { session: two });
    await two.commitTransaction();
    expect((await collection().distinct('sku')).sort()).toEqual(['A', 'B', 'C']);
    await expect(collection().insertOne({ sku: 'B' })).rejects.toMatchObject({ code: 11000 });
  });

  test('makes a write outside of it wait until it ends', async () => {
    await collection().insertMany([
      { _id: 0 as never, n: 0 },
      { _id: 1 as never, n: 1 },
    ]);
    const session = begin();
    await collection().updateOne({ n: 1 }, { $inc: { n: 10 } }, { session });
    const waiting = collection().updateMany({}, { $inc: { n: 1 } });
    const impatient = collection().updateMany({}, { $inc: { n: 1 } }, { maxTimeMS: 50 });
    await expect(impatient).rejects.toMatchObject({ code: 50 });
    // What it had done before it had to wait is not to be seen either.
    expect((await collection().distinct('n')).sort()).toEqual([0, 1]);
    await session.commitTransaction();
    expect(await waiting).toMatchObject({ modifiedCount: 2 });
    expect(await collection().distinct('n')).toEqual([1, 12]);
  });

  test('may be committed again, but not after it was aborted', async () => {
    const [session, aborted] = [begin(), begin()];
    await collection().insertOne({}, { session });
    await session.commitTransaction();
    await session.commitTransaction();
    expect(await collection().countDocuments()).toBe(1);
    await collection().insertOne({}, { session: aborted });
    const lsid = aborted.id;
    await fixture.client.db('admin').command({ killSessions: [lsid] });
    await expect(aborted.commitTransaction()).rejects.toMatchObject({
      code: 251,
      errorLabels: expect.arrayContaining(['TransientTransactionError']),
    });
    expect(await collection().countDocuments()).toBe(1);
  });

  test('that failed takes no further statement', async () => {
    await collection().insertOne({ _id: 1 as never });
    const session = begin();
    await expect(collection().insertOne({ _id: 1 as never }, { session })).rejects.toMatchObject({
      code: 11000,
    });
    await expect(collection().findOne({}, { session })).rejects.toMatchObject({
      code: 251,
      errorLabels: expect.arrayContaining(['TransientTransactionError']),
    });
  });

  test('is numbered upwards', async () => {
    const session = fixture.client.startSession();
    sessions.push(session);
    const send = (txnNumber: bigint, more: object = {}) =>
      fixture.client
        .db('shop')
        .command({ find: 'things', txnNumber, autocommit: false, ...more }, { session });
    const startTransaction = true;
    await send(100n, { startTransaction });
    await send(100n);
    await expect(send(100n, { startTransaction })).rejects.toMatchObject({ code: 50911 });
    await expect(send(101n)).rejects.toMatchObject({ code: 251 });
    await send(102n, { startTransaction });
    await expect(send(100n)).rejects.toMatchObject({ code: 225 });
    // Or the driver would use the session again, with numbers of its own.
    await fixture.client.db('admin').command({ endSessions: [session.id] });
  });

  test('refuses what cannot be done in one', async () => {
    const session = begin();
    const db = fixture.client.db('shop');
    await collection().insertOne({}, { session });
    for (const command of [{ count: 'things' }, { dropDatabase: 1 }, { listCollections: 1 }]) {
      await expect(db.command(command, { session })).rejects.toMatchObject({ code: 263 });
    }
    const out = collection()
      .aggregate([{ $out: 'copies' }], { session })
      .toArray();
    await expect(out).rejects.toMatchObject({ code: 263 });
    await session.commitTransaction();
    expect(await collection().countDocuments()).toBe(1);
  });

  test('makes collections and their indexes, but no index on one that is there', async () => {
    await collection().insertOne({ a: 1 });
    const session = begin();
    const fresh = collection('fresh');
    await fresh.db.createCollection('fresh', { session });
    await fresh.createIndex({ a: 1 }, { unique: true, session });
    await fresh.insertOne({ a: 1 }, { session });
    await session.commitTransaction();
    expect(await fresh.indexes()).toHaveLength(2);
    await expect(fresh.insertOne({ a: 1 })).rejects.toMatchObject({ code: 11000 });
    const late = begin();
    await expect(collection().createIndex({ a: 1 }, { session: late })).rejects.toMatchObject({
      code: 263,
    });
  });

  test('is rolled back when its session ends, or its connection for good', async () => {
    await collection().insertOne({ _id: 1 as never, n: 0 });
    const ended = begin();
    await collection().updateOne({}, { $inc: { n: 1 } }, { session: ended });
    await fixture.client.db('admin').command({ endSessions: [ended.id] });
    await collection().updateOne({}, { $inc: { n: 10 } });

    const client = await fixture.connect();
    const lost = client.startSession();
    lost.startTransaction();
    await client
      .db('shop')
      .collection('things')
      .updateOne({}, { $inc: { n: 1 } }, { session: lost });
    await failCommand(
      { times: 2 },
      {
        failCommands: ['abortTransaction', 'endSessions'],
        closeConnection: true,
      },
    );
    await client.close();
    await collection().updateOne({}, { $inc: { n: 10 } });
    expect(await collection().findOne({})).toEqual({ _id: 1, n: 20 });
    await failCommand('off', {});
  });

  test('is rolled back when it has been silent for too long', async () => {
    const admin = fixture.client.db('admin');
    const { was } = await admin.command({ setParameter: 1, transactionLifetimeLimitSeconds: 0.05 });
    await collection().insertOne({ _id: 1 as never, n: 0 });
    const session = begin();
    await collection().updateOne({}, { $inc: { n: 1 } }, { session });
    await collection().updateOne({}, { $inc: { n: 10 } });
    expect(await collection().findOne({})).toEqual({ _id: 1, n: 10 });
    await expect(session.commitTransaction()).rejects.toMatchObject({ code: 251 });
    await admin.command({ setParameter: 1, transactionLifetimeLimitSeconds: was });
  });

  test('keeps a sum the same under fifty transfers at once', async () => {
    const [here, there] = [collection('stock'), fixture.client.db('elsewhere').collection('stock')];
    for (const stock of [here, there]) {
      await stock.insertMany([
        { sku: 'A', n: 100 },
        { sku: 'B', n: 100 },
      ]);
    }
    const total = async (session?: ClientSession) => {
      const options = session ? { session } : {};
      const found = [
        ...(await here.find({}, options).toArray()),
        ...(await there.find({}, options).toArray()),
      ];
      return found.reduce((sum, { n }) => sum + n, 0);
    };
    const sums: number[] = [];
    let over = false;
    const watch = async () => {
      while (!over) {
        const session = begin();
        sums.push(await total(session));
        await session.commitTransaction();
      }
    };
    const watching = watch();
    const transfer = async (n: number) => {
      const [from, to] = n % 2 ? [here, there] : [there, here];
      const sku = n % 3 ? 'A' : 'B';
      await fixture.client.withSession((session) =>
        session.withTransaction(async () => {
          await from.updateOne({ sku }, { $inc: { n: -1 } }, { session });
          await to.updateOne({ sku }, { $inc: { n: 1 } }, { session });
        }),
      );
    };
    await Promise.all(Array.from({ length: 50 }, (_, n) => transfer(n)));
    over = true;
    await watching;
    expect(sums.length).toBeGreaterThan(0);
    expect(new Set(sums)).toEqual(new Set([400]));
    expect(await total()).toBe(400);
  });

  test('tells a driver to try again after a fault that will pass', async () => {
    await failCommand({ times: 1 }, { failCommands: ['insert'], errorCode: 112 });
    let attempts = 0;
    await fixture.client.withSession((session) =>
      session.withTransaction(async () => {
        attempts += 1;
        await collection().insertOne({ a: 1 }, { session });
        if (attempts < 2) return;
        const data = { failCommands: ['commitTransaction'], closeConnection: true };
        await failCommand({ times: 1 }, data);
      }),
    );
    expect(attempts).toBe(2);
    expect(await collection().countDocuments()).toBe(1);
  });
});

describe('a change of a collection waits for the transaction that uses it:', () => {
  test.each<[title: string, command: object, left: number]>([
    ['a drop', { drop: 'things' }, 0],
    ['collMod', { collMod: 'things', index: { name: 'n', expireAfterSeconds: 60 } }, 1],
  ])('%s', async (_title, command, left) => {
    await collection().insertOne({ n: 1 });
    await collection().createIndex({ n: 1 }, { name: 'n', expireAfterSeconds: 5 });
    const session = begin();
    await collection().updateOne({}, { $inc: { n: 1 } }, { session });
    let changed = false;
    const changing = fixture.client
      .db('shop')
      .command(command)
      .then(() => {
        changed = true;
      });
    await fixture.client.db('shop').command({ ping: 1 });
    expect(changed).toBe(false);
    await session.commitTransaction();
    await changing;
    expect(await collection().countDocuments()).toBe(left);
  });
});

describe('a session', () => {
  test('is started, refreshed and killed by command', async () => {
    const admin = fixture.client.db('admin');
    const { id, timeoutMinutes } = await admin.command({ startSession: 1 });
    expect(timeoutMinutes).toBe(30);
    expect(await admin.command({ refreshSessions: [id] })).toMatchObject({ ok: 1 });
    const session = begin();
    await collection().insertOne({}, { session });
    await admin.command({ killAllSessions: [] });
    await expect(session.commitTransaction()).rejects.toMatchObject({ code: 251 });
    await until(async () => (await collection().countDocuments()) === 0);
  });
});
