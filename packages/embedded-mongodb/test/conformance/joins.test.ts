import { beforeAll, describe, expect, test } from '@jest/globals';
import type * as mongo from 'mongodb';
import { type Collection, conformance } from './support.ts';

const suite = conformance();
let orders: Collection;
let items: Collection;
let people: Collection;
beforeAll(async () => {
  items = await suite.seeded(
    { sku: 'a', stock: 5 },
    { sku: 'b', stock: 0 },
    { sku: ['c', 'd'], stock: 9 },
    { stock: 1 },
  );
  orders = await suite.seeded(
    { sku: 'a', n: 1 },
    { sku: 'd', n: 2 },
    { sku: ['a', 'b'], n: 3 },
    { n: 4 },
  );
  people = await suite.seeded(
    { name: 'ann' },
    { name: 'bob', boss: 'ann' },
    { name: 'cid', boss: 'bob' },
  );
});

const byId = { $sort: { _id: 1 } };

async function ids(pipeline: object[]): Promise<unknown[]> {
  const found = await orders.aggregate([byId, ...pipeline]).toArray();
  return found.map(({ found: list }) => list.map((item: mongo.Document) => item._id).sort());
}

describe('$lookup', () => {
  test('joins by fields, an array by each element, and nothing with nothing', async () => {
    const from = {
      from: items.collectionName,
      localField: 'sku',
      foreignField: 'sku',
      as: 'found',
    };
    expect(await ids([{ $lookup: from }])).toEqual([[0], [2], [0, 1], [3]]);
  });

  test('joins by fields and a pipeline', async () => {
    const from = {
      from: items.collectionName,
      localField: 'sku',
      foreignField: 'sku',
      as: 'found',
    };
    const pipeline = [{ $match: { stock: { $gt: 0 } } }];
    expect(await ids([{ $lookup: { ...from, pipeline } }])).toEqual([[0], [2], [0], [3]]);
  });

  test('joins by a pipeline with variables', async () => {
    const pipeline = [{ $match: { $expr: { $gt: ['$stock', '$$n'] } } }];
    const lookup = { from: items.collectionName, let: { n: '$n' }, pipeline, as: 'found' };
    expect(await ids([{ $lookup: lookup }])).toEqual([
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 2],
    ]);
  });

  test('joins everything by a pipeline alone', async () => {
    const pipeline = [{ $match: { stock: 0 } }, { $project: { _id: 1 } }];
    const lookup = { from: items.collectionName, pipeline, as: 'found' };
    expect(await ids([{ $limit: 1 }, { $lookup: lookup }])).toEqual([[1]]);
  });

  test('joins what is not there as nothing', async () => {
    const lookup = { from: 'nothing', localField: 'sku', foreignField: 'sku', as: 'found' };
    expect(await ids([{ $limit: 1 }, { $lookup: lookup }])).toEqual([[]]);
  });

  test('is unwound and put into a path', async () => {
    const lookup = {
      from: items.collectionName,
      localField: 'sku',
      foreignField: 'sku',
      as: 'x.item',
    };
    const pipeline = [{ $match: { _id: 0 } }, { $lookup: lookup }, { $unwind: '$x.item' }];
    expect(await orders.aggregate(pipeline).toArray()).toEqual([
      { _id: 0, sku: 'a', n: 1, x: { item: { _id: 0, sku: 'a', stock: 5 } } },
    ]);
  });

  test('looks up within a lookup', async () => {
    const inner = {
      from: items.collectionName,
      localField: 'sku',
      foreignField: 'sku',
      as: 'again',
    };
    const lookup = {
      from: items.collectionName,
      localField: 'sku',
      foreignField: 'sku',
      pipeline: [{ $lookup: inner }],
      as: 'found',
    };
    const [found] = await orders.aggregate([{ $match: { _id: 0 } }, { $lookup: lookup }]).toArray();
    expect(found?.found[0].again[0]).toEqual({ _id: 0, sku: 'a', stock: 5 });
  });

  test('of thousands with thousands is no product', async () => {
    const left = await suite.seeded(...Array.from({ length: 3000 }, (_none, n) => ({ k: n })));
    const right = await suite.seeded(...Array.from({ length: 3000 }, (_none, n) => ({ k: n })));
    await right.createIndex({ k: 1 });
    const lookup = { from: right.collectionName, localField: 'k', foreignField: 'k', as: 'found' };
    const pipeline = [
      { $lookup: lookup },
      { $match: { 'found.k': { $gte: 2995 } } },
      { $count: 'n' },
    ];
    expect(await left.aggregate(pipeline).toArray()).toEqual([{ n: 5 }]);
  });
});

describe('$unionWith and $graphLookup', () => {
  test('follow one collection by another', async () => {
    const pipeline = [{ $match: { n: 1 } }, { $unionWith: items.collectionName }, { $count: 'n' }];
    expect(await orders.aggregate(pipeline).toArray()).toEqual([{ n: 5 }]);
  });

  test('follow one collection by a pipeline on another', async () => {
    const union = {
      coll: items.collectionName,
      pipeline: [{ $match: { stock: 0 } }, { $project: { sku: 1 } }],
    };
    const pipeline = [
      { $match: { n: 1 } },
      { $project: { sku: 1 } },
      { $unionWith: union },
      { $sort: { sku: 1 } },
    ];
    expect(await orders.aggregate(pipeline).toArray()).toEqual([
      { _id: 0, sku: 'a' },
      { _id: 1, sku: 'b' },
    ]);
  });

  test('follow references as far as they go', async () => {
    const lookup = {
      from: people.collectionName,
      startWith: '$boss',
      connectFromField: 'boss',
      connectToField: 'name',
      as: 'chain',
    };
    const [cid] = await people
      .aggregate([{ $match: { name: 'cid' } }, { $graphLookup: lookup }])
      .toArray();
    expect(cid?.chain.map(({ name }: { name: string }) => name).sort()).toEqual(['ann', 'bob']);
    const [near] = await people
      .aggregate([{ $match: { name: 'cid' } }, { $graphLookup: { ...lookup, maxDepth: 0 } }])
      .toArray();
    expect(near?.chain).toHaveLength(1);
  });
});

describe('$out and $merge', () => {
  test('$out replaces a collection', async () => {
    const target = await suite.seeded({ old: true });
    const result = await items
      .aggregate([{ $match: { stock: 0 } }, { $out: target.collectionName }])
      .toArray();
    expect(result).toEqual([]);
    expect(await target.find().toArray()).toEqual([{ _id: 1, sku: 'b', stock: 0 }]);
  });

  test('$out goes to another database', async () => {
    const other = suite.database('out');
    await items
      .aggregate([{ $match: { stock: 0 } }, { $out: { db: other.databaseName, coll: 'o' } }])
      .toArray();
    expect(await other.collection('o').countDocuments()).toBe(1);
  });

  test('$merge inserts and merges', async () => {
    const target = await suite.seeded({}, { stock: 7, extra: 1 });
    await items
      .aggregate([
        { $match: { _id: { $in: [1, 2] } } },
        { $merge: { into: target.collectionName } },
      ])
      .toArray();
    expect(await target.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 0 },
      { _id: 1, stock: 0, extra: 1, sku: 'b' },
      { _id: 2, sku: ['c', 'd'], stock: 9 },
    ]);
  });

  test.each<[whenMatched: string, expected: object]>([
    ['replace', { _id: 1, sku: 'b', stock: 0 }],
    ['keepExisting', { _id: 1, extra: 1 }],
    ['merge', { _id: 1, extra: 1, sku: 'b', stock: 0 }],
  ])('$merge may %s what is there', async (whenMatched, expected) => {
    const target = await suite.seeded({}, { extra: 1 });
    const merge = { into: target.collectionName, whenMatched };
    await items.aggregate([{ $match: { _id: 1 } }, { $merge: merge }]).toArray();
    expect(await target.findOne({ _id: 1 as never })).toEqual(expected);
  });

  test('$merge may refuse what is there', async () => {
    const target = await suite.seeded({}, { extra: 1 });
    const merge = { into: target.collectionName, whenMatched: 'fail' };
    await expect(
      items.aggregate([{ $match: { _id: 1 } }, { $merge: merge }]).toArray(),
    ).rejects.toMatchObject({ code: 11000 });
  });

  test('$merge may leave out what is new', async () => {
    const target = await suite.seeded({});
    const merge = { into: target.collectionName, whenNotMatched: 'discard' };
    await items.aggregate([{ $match: { _id: 1 } }, { $merge: merge }]).toArray();
    expect(await target.countDocuments()).toBe(1);
  });

  test('$merge goes by another unique field, into another database', async () => {
    const other = suite.database('merge');
    const target = other.collection('m');
    await target.createIndex({ sku: 1 }, { unique: true });
    await target.insertOne({ _id: 50 as never, sku: 'b', seen: 1 });
    const merge = { into: { db: other.databaseName, coll: 'm' }, on: 'sku', whenMatched: 'merge' };
    await items
      .aggregate([{ $match: { _id: 1 } }, { $project: { _id: 0 } }, { $merge: merge }])
      .toArray();
    expect(await target.find().toArray()).toEqual([{ _id: 50, sku: 'b', seen: 1, stock: 0 }]);
  });
});
