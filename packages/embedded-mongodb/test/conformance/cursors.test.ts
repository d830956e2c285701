import { beforeAll, describe, expect, test } from '@jest/globals';
import * as mongo from 'mongodb';
import { type Collection, conformance } from './support.ts';

const suite = conformance();
let things: Collection;
beforeAll(async () => {
  const documents = Array.from({ length: 250 }, (_none, n) => ({ n }));
  things = await suite.seeded(...documents);
});

async function find(options: object): Promise<mongo.Document> {
  const { cursor } = await suite.db.command({ find: things.collectionName, ...options });
  return cursor;
}

describe('a cursor', () => {
  test('reads everything, batch by batch', async () => {
    const seen = [];
    for await (const { n } of things.find().sort({ n: 1 }).batchSize(7)) seen.push(n);
    expect(seen).toEqual(Array.from({ length: 250 }, (_none, n) => n));
  });

  test('starts with 101 documents', async () => {
    const { firstBatch, id, ns } = await find({});
    expect(firstBatch).toHaveLength(101);
    expect(Number(id)).not.toBe(0);
    expect(ns).toBe(`${suite.db.databaseName}.${things.collectionName}`);
  });

  test('of batchSize 0 starts empty', async () => {
    const { firstBatch, id } = await find({ batchSize: 0 });
    expect(firstBatch).toEqual([]);
    expect(Number(id)).not.toBe(0);
  });

  test('gives as many as are asked for', async () => {
    const { id } = await find({ batchSize: 10 });
    const more = { getMore: mongo.Long.fromString(String(id)), collection: things.collectionName };
    const { cursor } = await suite.db.command({ ...more, batchSize: 20 });
    expect(cursor.nextBatch).toHaveLength(20);
    const rest = await suite.db.command(more);
    expect(rest.cursor.nextBatch).toHaveLength(220);
    expect(Number(rest.cursor.id)).toBe(0);
  });

  test('ends with a single batch', async () => {
    const { firstBatch, id } = await find({ batchSize: 10, singleBatch: true });
    expect(firstBatch).toHaveLength(10);
    expect(Number(id)).toBe(0);
  });

  test.each<[title: string, options: mongo.FindOptions, first: number | undefined, count: number]>([
    ['limit', { limit: 3 }, 0, 3],
    ['skip', { skip: 247 }, 247, 3],
    ['skip beyond the end', { skip: 300 }, undefined, 0],
    ['skip and limit', { skip: 10, limit: 5 }, 10, 5],
    ['limit above the batch', { limit: 30, batchSize: 4 }, 0, 30],
    ['a negative limit', { limit: -4 }, 0, 4],
    ['limit 0 is none', { limit: 0 }, 0, 250],
  ])('with %s', async (_title, options, first, count) => {
    const found = await things.find({}, { sort: { n: 1 }, ...options }).toArray();
    expect(found).toHaveLength(count);
    expect(found[0]?.n).toBe(first);
  });

  test('that is killed is gone', async () => {
    const { id } = await find({ batchSize: 2 });
    const cursorId = mongo.Long.fromString(String(id));
    const reply = await suite.db.command({
      killCursors: things.collectionName,
      cursors: [cursorId],
    });
    expect(reply.cursorsKilled.map(String)).toEqual([String(id)]);
    await expect(
      suite.db.command({ getMore: cursorId, collection: things.collectionName }),
    ).rejects.toMatchObject({ code: 43, codeName: 'CursorNotFound' });
  });

  test('that was never open is not found', async () => {
    const getMore = mongo.Long.fromNumber(12345);
    await expect(
      suite.db.command({ getMore, collection: things.collectionName }),
    ).rejects.toMatchObject({ code: 43 });
  });

  test('is closed before its end', async () => {
    const cursor = things.find().batchSize(5);
    expect(await cursor.next()).toMatchObject({ n: expect.any(Number) });
    await cursor.close();
    expect(cursor.killed).toBe(true);
  });

  test('of an aggregation reads in batches too', async () => {
    const cursor = things.aggregate([{ $match: { n: { $lt: 50 } } }, { $sort: { n: -1 } }], {
      batchSize: 8,
    });
    const seen = (await cursor.toArray()).map(({ n }) => n);
    expect(seen).toHaveLength(50);
    expect(seen[0]).toBe(49);
  });

  test('of a large result stays below a message', async () => {
    const large = await suite.seeded(
      ...Array.from({ length: 12 }, () => ({ bytes: Buffer.alloc(1_500_000) })),
    );
    expect(await large.find().toArray()).toHaveLength(12);
  }, 60_000);

  test('maps, counts and rewinds', async () => {
    const cursor = things
      .find({ n: { $lt: 3 } })
      .sort({ n: 1 })
      .map(({ n }) => n * 2);
    expect(await cursor.toArray()).toEqual([0, 2, 4]);
    cursor.rewind();
    expect(await cursor.next()).toBe(0);
    await cursor.close();
  });

  test('says whether there is more', async () => {
    const cursor = things.find({ n: 1 });
    expect(await cursor.hasNext()).toBe(true);
    await cursor.next();
    expect(await cursor.hasNext()).toBe(false);
  });

  test('explains itself where a server can', async () => {
    await suite.needing('explain', async () => {
      const plan = await things.find({ n: 1 }).explain();
      expect(plan).toMatchObject({ queryPlanner: { winningPlan: expect.any(Object) } });
    });
  });

  test('of a collection that is not there is empty', async () => {
    expect(await suite.collection().find().toArray()).toEqual([]);
  });
});

describe('count and distinct', () => {
  test('count all, some, and within bounds', async () => {
    expect(await things.countDocuments()).toBe(250);
    expect(await things.countDocuments({ n: { $lt: 10 } })).toBe(10);
    expect(await things.countDocuments({}, { skip: 240, limit: 5 })).toBe(5);
    expect(await things.estimatedDocumentCount()).toBe(250);
    expect(await suite.collection().countDocuments()).toBe(0);
    expect(await suite.collection().estimatedDocumentCount()).toBe(0);
  });

  test('distinct opens arrays and follows paths', async () => {
    const other = await suite.seeded(
      { t: ['a', 'b'], d: { x: 1 } },
      { t: 'a', d: { x: 1 } },
      { d: [{ x: 2 }] },
      {},
    );
    expect((await other.distinct('t')).sort()).toEqual(['a', 'b']);
    expect((await other.distinct('d.x')).sort()).toEqual([1, 2]);
    expect(await other.distinct('t', { 'd.x': 2 })).toEqual([]);
    expect(await other.distinct('nope')).toEqual([]);
  });

  test('distinct holds numbers of two types to be one', async () => {
    const other = await suite.seeded(
      { v: 1 },
      { v: new mongo.Double(1) },
      { v: mongo.Long.fromNumber(1) },
      { v: null },
    );
    expect(await other.distinct('v')).toHaveLength(2);
  });
});
