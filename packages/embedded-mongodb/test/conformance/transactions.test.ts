import { describe, expect, test } from '@jest/globals';
import * as mongo from 'mongodb';
import { conformance } from './support.ts';

const suite = conformance();
const id = (n: number) => n as never;

describe('a transaction', () => {
  test('is seen by others when it is committed', async () => {
    const things = await suite.seeded({ n: 0 });
    await suite.client.withSession(async (session) => {
      session.startTransaction();
      await things.insertOne({ _id: id(1) }, { session });
      await things.updateOne({ _id: id(0) }, { $set: { n: 1 } }, { session });
      expect(await things.countDocuments()).toBe(1);
      expect(await things.countDocuments({}, { session })).toBe(2);
      await session.commitTransaction();
    });
    expect(await things.find().sort({ _id: 1 }).toArray()).toEqual([{ _id: 0, n: 1 }, { _id: 1 }]);
  });

  test('leaves nothing when it is aborted', async () => {
    const things = await suite.seeded({ n: 0 });
    await suite.client.withSession(async (session) => {
      session.startTransaction();
      await things.deleteOne({ _id: id(0) }, { session });
      await things.insertOne({ _id: id(1) }, { session });
      await session.abortTransaction();
    });
    expect(await things.find().toArray()).toEqual([{ _id: 0, n: 0 }]);
  });

  test('reads what there was when it began', async () => {
    const things = await suite.seeded({ n: 0 });
    await suite.client.withSession(async (session) => {
      session.startTransaction({ readConcern: { level: 'snapshot' } });
      expect(await things.findOne({}, { session })).toEqual({ _id: 0, n: 0 });
      await things.updateOne({}, { $set: { n: 5 } });
      expect(await things.findOne({}, { session })).toEqual({ _id: 0, n: 0 });
      await session.abortTransaction();
    });
    expect(await things.findOne()).toEqual({ _id: 0, n: 5 });
  });

  test('that meets another write fails, and may be tried again', async () => {
    const things = await suite.seeded({ n: 0 });
    await suite.client.withSession(async (session) => {
      session.startTransaction({ readConcern: { level: 'snapshot' } });
      await things.findOne({}, { session });
      await things.updateOne({}, { $inc: { n: 1 } });
      const error = await things.updateOne({}, { $inc: { n: 1 } }, { session }).catch((e) => e);
      expect(error).toBeInstanceOf(mongo.MongoServerError);
      expect(error.hasErrorLabel('TransientTransactionError')).toBe(true);
      await session.abortTransaction().catch(() => undefined);
    });
    await suite.client.withSession((session) =>
      session.withTransaction(() => things.updateOne({}, { $inc: { n: 1 } }, { session })),
    );
    expect(await things.findOne()).toEqual({ _id: 0, n: 2 });
  });

  test('spans two databases', async () => {
    const things = await suite.seeded({});
    const others = suite.database('tx').collection('others');
    await others.insertOne({ _id: id(0) });
    await suite.client.withSession(async (session) => {
      session.startTransaction();
      await things.insertOne({ _id: id(1) }, { session });
      await others.insertOne({ _id: id(1) }, { session });
      await session.abortTransaction();
      session.startTransaction();
      await things.insertOne({ _id: id(2) }, { session });
      await others.insertOne({ _id: id(2) }, { session });
      await session.commitTransaction();
    });
    expect(await things.distinct('_id')).toEqual([0, 2]);
    expect(await others.distinct('_id')).toEqual([0, 2]);
  });

  test('is refused a duplicate key', async () => {
    const things = await suite.seeded({});
    await suite.client.withSession(async (session) => {
      session.startTransaction();
      await expect(things.insertOne({ _id: id(0) }, { session })).rejects.toMatchObject({
        code: 11000,
      });
      await session.abortTransaction().catch(() => undefined);
    });
    expect(await things.countDocuments()).toBe(1);
  });

  test('runs aggregations, bulk writes and cursors', async () => {
    const things = await suite.seeded({ n: 1 }, { n: 2 });
    await suite.client.withSession((session) =>
      session.withTransaction(async () => {
        await things.bulkWrite(
          [{ insertOne: { document: { n: 3 } } }, { deleteOne: { filter: { n: 1 } } }],
          { session },
        );
        const sum = [{ $group: { _id: null, n: { $sum: '$n' } } }];
        expect(await things.aggregate(sum, { session }).toArray()).toEqual([{ _id: null, n: 5 }]);
        expect(await things.find({}, { session, batchSize: 1 }).toArray()).toHaveLength(2);
        expect(
          await things.findOneAndUpdate({ n: 2 }, { $inc: { n: 5 } }, { session }),
        ).toMatchObject({ n: 2 });
      }),
    );
    expect((await things.distinct('n')).sort()).toEqual([3, 7]);
  });

  test('that was not begun cannot be committed', async () => {
    await suite.client.withSession(async (session) => {
      await expect(session.commitTransaction()).rejects.toThrow(/transaction/i);
    });
  });
});

describe('a session', () => {
  test('reads its own writes', async () => {
    const things = await suite.seeded({});
    await suite.client.withSession({ causalConsistency: true }, async (session) => {
      await things.insertOne({ _id: id(1) }, { session });
      expect(await things.findOne({ _id: id(1) }, { session })).toEqual({ _id: 1 });
    });
  });

  test('ends', async () => {
    const session = suite.client.startSession();
    await suite.db.command({ ping: 1 }, { session });
    await session.endSession();
    expect(session.hasEnded).toBe(true);
  });

  test('does a retried write once', async () => {
    const things = await suite.seeded({ n: 0 });
    const lsid = { id: new mongo.UUID() };
    const command = {
      update: things.collectionName,
      updates: [{ q: {}, u: { $inc: { n: 1 } } }],
      lsid,
      txnNumber: mongo.Long.fromNumber(1),
    };
    const client = await mongo.MongoClient.connect(suite.uri, { retryWrites: false });
    const db = client.db(suite.db.databaseName);
    const session = client.startSession({ explicit: false } as never);
    const first = await db.command({ ...command, lsid: session.id });
    const second = await db.command({ ...command, lsid: session.id });
    await session.endSession();
    await client.close();
    expect(second.n).toBe(first.n);
    expect(await things.findOne()).toEqual({ _id: 0, n: 1 });
  });
});
