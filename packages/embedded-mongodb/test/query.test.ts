import { describe, expect, test } from '@jest/globals';
import { type Document, type Filter, ObjectId, Timestamp } from 'mongodb';
import { withServer } from './with-server.ts';

const { collection } = withServer();

async function found(filter: Filter<Document>): Promise<unknown[]> {
  const documents = await collection().find(filter).sort({ _id: 1 }).toArray();
  return documents.map(({ _id }) => _id);
}

async function store(...documents: object[]): Promise<void> {
  await collection().insertMany(documents.map((document, n) => ({ _id: n as never, ...document })));
}

describe('a filter', () => {
  test('reaches into documents and arrays', async () => {
    await store({ a: { b: 1 } }, { a: [{ b: 2 }, { b: 3 }] }, { a: [1, 2] }, { a: 1 }, {});
    expect(await found({ 'a.b': 1 })).toEqual([0]);
    expect(await found({ 'a.b': { $gt: 2 } })).toEqual([1]);
    expect(await found({ 'a.0.b': 2 })).toEqual([1]);
    expect(await found({ a: 1 })).toEqual([2, 3]);
    expect(await found({ a: { $exists: false } })).toEqual([4]);
    expect(await found({ 'a.b': { $exists: true } })).toEqual([0, 1]);
    expect(await found({ 'a.b': null })).toEqual([3, 4]);
    expect(await found({ a: { $size: 2 } })).toEqual([1, 2]);
  });

  test('compares only values of one type', async () => {
    await store({ v: 5 }, { v: '5' }, { v: null }, { v: true }, { v: new Date(5) });
    expect(await found({ v: { $gte: 0 } })).toEqual([0]);
    expect(await found({ v: { $lt: 'z' } })).toEqual([1]);
    expect(await found({ v: { $lte: new Date() } })).toEqual([4]);
    expect(await found({ v: { $ne: 5 } })).toEqual([1, 2, 3, 4]);
  });

  test('finds word beginnings by a range over the elements of an array', async () => {
    await store({ terms: ['apple', 'pie'] }, { terms: ['banana'] }, { terms: [] });
    const starts = (word: string, end: string) => ({
      terms: { $elemMatch: { $gte: word, $lt: end } },
    });
    expect(await found(starts('ap', 'aq'))).toEqual([0]);
    expect(await found(starts('b', 'c'))).toEqual([1]);
    // Between these two lies no element, though one is above the first and one below the second.
    expect(await found(starts('b', 'c'))).not.toContain(0);
  });

  test('knows $in, $nin, $all, $not, $or, $nor, $regex, $mod, $type and $expr', async () => {
    await store({ n: 4, t: ['a', 'b'], s: 'Chair' }, { n: 7, t: ['b'], s: 'table' });
    expect(await found({ n: { $in: [4, 5] } })).toEqual([0]);
    expect(await found({ s: { $in: [/^T/i, 'x'] } })).toEqual([1]);
    expect(await found({ n: { $nin: [4] } })).toEqual([1]);
    expect(await found({ t: { $all: ['a', 'b'] } })).toEqual([0]);
    expect(await found({ n: { $not: { $gt: 5 } } })).toEqual([0]);
    expect(await found({ $or: [{ n: 7 }, { s: 'none' }] })).toEqual([1]);
    expect(await found({ $nor: [{ n: 7 }] })).toEqual([0]);
    expect(await found({ s: { $regex: '^ch', $options: 'i' } })).toEqual([0]);
    expect(await found({ n: { $mod: [2, 0] } })).toEqual([0]);
    expect(await found({ s: { $type: 'string' } })).toEqual([0, 1]);
    expect(await found({ $expr: { $gt: ['$n', 5] } })).toEqual([1]);
  });

  test('that is malformed is refused, even where there is nothing to search', async () => {
    await expect(
      collection('none')
        .find({ a: { $nope: 1 } })
        .toArray(),
    ).rejects.toMatchObject({
      code: 2,
    });
  });

  test('names of Object.prototype are fields like any other', async () => {
    await store(JSON.parse('{"x":{"__proto__":{"a":1},"constructor":"c"}}'), {});
    expect(await found({ 'x.constructor': 'c' })).toEqual([0]);
    expect(await found({ constructor: { $exists: true } })).toEqual([]);
    expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
  });
});

describe('a sort', () => {
  test('follows the order of BSON types and, for strings, of UTF-8 bytes', async () => {
    const id = new ObjectId();
    const ascending = [
      null,
      -1,
      2.5,
      'B',
      'a',
      'é',
      '\uffff',
      '😀',
      { a: 1 },
      id,
      false,
      new Date(0),
    ];
    await store(...ascending.toReversed().map((v) => ({ v })));
    const sorted = await collection().find().sort({ v: 1 }).toArray();
    expect(sorted.map(({ v }) => v)).toEqual(ascending);
    const reversed = await collection().find().sort({ v: -1 }).toArray();
    expect(reversed.map(({ v }) => v)).toEqual(ascending.toReversed());
  });

  test('pages by keyset over a nested path, dates and ids', async () => {
    const day = (n: number) => new Date(Date.UTC(2026, 0, n));
    const documents = [3, 1, 2, 2, 1].map((n) => ({
      _id: new ObjectId(),
      price: { amount: n * 100 },
      at: day(n),
    }));
    await collection().insertMany(documents);
    for (const path of ['price.amount', 'at']) {
      const seen: unknown[] = [];
      let filter: Filter<Document> = {};
      for (;;) {
        const [next] = await collection()
          .find(filter)
          .sort({ [path]: 1, _id: 1 })
          .limit(1)
          .toArray();
        if (!next) break;
        seen.push(next._id);
        const value = path === 'at' ? next.at : next.price.amount;
        filter = {
          $or: [{ [path]: { $gt: value } }, { [path]: value, _id: { $gt: next._id } }],
        };
      }
      expect(seen).toEqual([1, 4, 2, 3, 0].map((at) => documents[at]?._id));
    }
  });
});

describe('find', () => {
  test('a projection includes or excludes, and reaches into arrays', async () => {
    await store({ a: 1, b: { c: 2, d: 3 }, list: [{ x: 1, y: 2 }] });
    const projected = (projection: Document) => collection().findOne({}, { projection });
    expect(await projected({ 'b.c': 1 })).toEqual({ _id: 0, b: { c: 2 } });
    expect(await projected({ _id: 0, 'list.x': 1 })).toEqual({ list: [{ x: 1 }] });
    expect(await projected({ b: 0, list: 0 })).toEqual({ _id: 0, a: 1 });
    expect(await projected({ _id: 0, twice: { $multiply: ['$a', 2] } })).toEqual({ twice: 2 });
  });

  test('a projection takes part of an array, by position or by match', async () => {
    await store({ n: [1, 2, 3], rows: [{ k: 1 }, { k: 2 }] });
    const projected = (projection: Document) =>
      collection().findOne({ 'rows.k': 2 }, { projection });
    expect(await projected({ n: { $slice: 2 }, rows: 0 })).toEqual({ _id: 0, n: [1, 2] });
    expect(await projected({ n: { $slice: [-2, 1] } })).toMatchObject({ n: [2], rows: [{}, {}] });
    expect(await projected({ n: { $slice: -1 }, _id: 1, 'rows.k': 1 })).toMatchObject({ n: [3] });
    expect(await projected({ 'rows.$': 1 })).toEqual({ _id: 0, rows: [{ k: 2 }] });
    expect(await projected({ rows: { $elemMatch: { k: 1 } } })).toEqual({
      _id: 0,
      rows: [{ k: 1 }],
    });
  });

  test('a cursor goes on where its batch ended', async () => {
    await store(...Array.from({ length: 250 }, () => ({})));
    expect(await collection().find().batchSize(100).toArray()).toHaveLength(250);
    const cursor = collection().find({}, { batchSize: 10 });
    await cursor.next();
    await cursor.close();
    expect(await collection().find({}, { singleBatch: true, batchSize: 5 }).toArray()).toHaveLength(
      5,
    );
    expect(await found({ _id: { $gte: 248 as never } })).toEqual([248, 249]);
  });

  test('skip and limit cut the sorted result', async () => {
    await store({}, {}, {}, {});
    const page = collection().find().sort({ _id: -1 }).skip(1).limit(2);
    expect((await page.toArray()).map(({ _id }) => _id)).toEqual([2, 1]);
  });

  test('count, distinct and countDocuments agree', async () => {
    await store({ t: ['a', 'b'] }, { t: ['b'] }, { t: 'c' });
    expect(await collection().estimatedDocumentCount()).toBe(3);
    expect(await collection().countDocuments({ t: 'b' })).toBe(2);
    expect((await collection().distinct('t')).sort()).toEqual(['a', 'b', 'c']);
    expect(await collection('none').countDocuments()).toBe(0);
  });
});

describe('aggregate', () => {
  test('groups, sorts, counts and facets', async () => {
    await store({ k: 'a', n: 1 }, { k: 'b', n: 2 }, { k: 'a', n: 3 });
    const run = (pipeline: Document[]) => collection().aggregate(pipeline).toArray();
    expect(
      await run([{ $group: { _id: '$k', total: { $sum: '$n' } } }, { $sort: { _id: 1 } }]),
    ).toEqual([
      { _id: 'a', total: 4 },
      { _id: 'b', total: 2 },
    ]);
    expect(await run([{ $match: { k: 'a' } }, { $count: 'n' }])).toEqual([{ n: 2 }]);
    expect(await run([{ $match: { k: 'z' } }, { $count: 'n' }])).toEqual([]);
    expect(
      await run([
        { $facet: { all: [{ $count: 'n' }], top: [{ $sort: { n: -1 } }, { $limit: 1 }] } },
      ]),
    ).toEqual([{ all: [{ n: 3 }], top: [{ _id: 2, k: 'a', n: 3 }] }]);
  });

  test('looks other collections up and joins them to its own', async () => {
    await store({ sku: 'A' }, { sku: 'B' });
    await collection('stock').insertOne({ _id: 9 as never, sku: 'A', units: 4 });
    const joined = await collection()
      .aggregate([
        { $lookup: { from: 'stock', localField: 'sku', foreignField: 'sku', as: 'stock' } },
        { $project: { _id: 0, sku: 1, units: { $sum: '$stock.units' } } },
        { $unionWith: { coll: 'stock', pipeline: [{ $project: { _id: 0, units: 1 } }] } },
      ])
      .toArray();
    expect(joined).toEqual([{ sku: 'A', units: 4 }, { sku: 'B', units: 0 }, { units: 4 }]);
  });

  test('a command has one $$NOW, and one $$CLUSTER_TIME', async () => {
    await collection().insertOne({});
    const times = { now: '$$NOW', cluster: '$$CLUSTER_TIME' };
    const [found] = await collection()
      .aggregate([
        { $set: times },
        { $lookup: { from: 'things', as: 'joined', pipeline: [{ $project: times }] } },
      ])
      .toArray();
    const { now, cluster, joined } = found ?? {};
    expect(now).toBeInstanceOf(Date);
    expect(cluster).toBeInstanceOf(Timestamp);
    expect(joined).toMatchObject([{ now, cluster }]);
  });

  test('stages that write into documents leave the stored ones alone', async () => {
    await store({ a: { b: 1, c: 2 } });
    await collection()
      .aggregate([{ $set: { 'a.b': 9 } }, { $unset: 'a.c' }, { $project: { 'a.b': 0 } }])
      .toArray();
    expect(await collection().findOne({})).toEqual({ _id: 0, a: { b: 1, c: 2 } });
  });

  test('$merge and $out write their results', async () => {
    await store({ n: 1 }, { n: 2 });
    await collection('other').insertOne({ _id: 0 as never, kept: true });
    await collection()
      .aggregate([{ $merge: { into: 'other' } }])
      .toArray();
    expect(await collection('other').find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 0, kept: true, n: 1 },
      { _id: 1, n: 2 },
    ]);
    await collection()
      .aggregate([{ $match: { n: 2 } }, { $out: 'other' }])
      .toArray();
    expect(await collection('other').find().toArray()).toEqual([{ _id: 1, n: 2 }]);
  });
});
