import { describe, expect, test } from '@jest/globals';
import * as mongo from 'mongodb';
import { conformance } from './support.ts';

const suite = conformance();
type Update = object | object[];

describe('an upsert', () => {
  test.each<[title: string, filter: object, update: object, inserted: object]>([
    [
      'takes what the filter says is equal',
      { _id: 5, a: 1 },
      { $set: { b: 2 } },
      { _id: 5, a: 1, b: 2 },
    ],
    [
      'takes $eq, and no other condition',
      { _id: 5, a: { $eq: 1 }, c: { $gt: 3 } },
      { $set: { b: 2 } },
      { _id: 5, a: 1, b: 2 },
    ],
    [
      'takes the parts of $and',
      { $and: [{ _id: 5 }, { a: 1 }] },
      { $set: { b: 2 } },
      { _id: 5, a: 1, b: 2 },
    ],
    ['takes a path', { _id: 5, 'a.b': 1 }, { $set: { 'a.c': 2 } }, { _id: 5, a: { b: 1, c: 2 } }],
    [
      'takes an $in of one',
      { _id: 5, a: { $in: [1] } },
      { $set: { b: 2 } },
      { _id: 5, a: 1, b: 2 },
    ],
    ['does $setOnInsert', { _id: 5 }, { $setOnInsert: { b: 2 } }, { _id: 5, b: 2 }],
    [
      'does $inc and $push',
      { _id: 5 },
      { $inc: { n: 1 }, $push: { l: 1 } },
      { _id: 5, l: [1], n: 1 },
    ],
    ['takes the _id from $setOnInsert', { a: 1 }, { $setOnInsert: { _id: 7 } }, { _id: 7, a: 1 }],
    [
      'takes no null from $exists',
      { _id: 5, a: { $exists: false } },
      { $set: { b: 1 } },
      { _id: 5, b: 1 },
    ],
  ])('%s', async (_title, filter, update, inserted) => {
    const things = suite.collection();
    const result = await things.updateOne(filter, update, { upsert: true });
    expect(result).toMatchObject({ matchedCount: 0, modifiedCount: 0, upsertedCount: 1 });
    expect(await things.findOne()).toEqual(inserted);
  });

  const counted = {
    $cond: [
      { $lt: [{ $ifNull: ['$n', 0] }, 5] },
      { n: { $add: [{ $ifNull: ['$n', 0] }, 3] }, text: { $literal: '$n' } },
      '$$ROOT',
    ],
  };
  test.each<[title: string, pipeline: object[], inserted: object]>([
    ['$set', [{ $set: { b: { $add: ['$a', 1] } } }], { _id: 5, a: 1, b: 2 }],
    ['$replaceWith', [{ $replaceWith: { b: { $literal: '$a' } } }], { _id: 5, b: '$a' }],
    ['$cond', [{ $replaceWith: counted }], { _id: 5, n: 3, text: '$n' }],
    ['$unset', [{ $unset: ['_id', 'a'] }, { $set: { b: 1 } }], { _id: 5, b: 1 }],
  ])('computes by a pipeline from what the filter says: %s', async (_title, pipeline, inserted) => {
    const things = suite.collection();
    const filter = { _id: 5 as never, a: 1 };
    const result = await things.updateOne(filter, pipeline, { upsert: true });
    expect(result).toMatchObject({ upsertedCount: 1, upsertedId: 5 });
    expect(await things.findOne()).toEqual(inserted);
  });

  test('by a pipeline changes what an earlier one has inserted', async () => {
    const things = suite.collection();
    const upsert = () =>
      things.updateOne({ _id: 5 as never }, [{ $replaceWith: counted }], { upsert: true });
    const ns = [];
    for (let time = 0; time < 3; time += 1) {
      await upsert();
      ns.push((await things.findOne())?.n);
    }
    expect(ns).toEqual([3, 6, 6]);
  });

  test('makes an ObjectId where there is no _id', async () => {
    const things = suite.collection();
    const { upsertedId } = await things.updateOne({ a: 1 }, { $set: { b: 1 } }, { upsert: true });
    expect(upsertedId).toBeInstanceOf(mongo.ObjectId);
    expect(await things.findOne({ _id: upsertedId as never })).toMatchObject({ a: 1, b: 1 });
  });

  test('inserts a replacement with the _id of the filter', async () => {
    const things = suite.collection();
    await things.replaceOne({ _id: 3 as never, a: 9 }, { b: 1 }, { upsert: true });
    expect(await things.findOne()).toEqual({ _id: 3, b: 1 });
  });
});

describe('an update is refused', () => {
  const before = { s: 'x', a: [1], n: 1, d: { e: 1 } };
  const refused: [title: string, update: Update, codes: number | number[], options?: object][] = [
    ['for an unknown operator', { $nope: { a: 1 } }, 9],
    ['for two changes of one path', { $set: { n: 1 }, $inc: { n: 1 } }, 40],
    ['for a change within another', { $set: { d: 1, 'd.e': 1 } }, 40],
    ['for $inc of a string', { $inc: { s: 1 } }, 14],
    ['for $inc by a string', { $inc: { n: 'x' as never } }, 14],
    ['for $push to a string', { $push: { s: 1 } }, 2],
    ['for $addToSet to a number', { $addToSet: { n: 1 } }, 2],
    ['for a path through a string', { $set: { 's.t': 1 } }, 28],
    ['for a new _id', { $set: { _id: 9 } as never }, 66],
    ['for $ without a match', { $set: { 'a.$': 1 } }, 2],
    ['for $[name] without a filter', { $set: { 'a.$[x]': 1 } }, 2],
    ['for a filter that is not used', { $set: { n: 1 } }, 9, { arrayFilters: [{ x: 1 }] }],
    ['for an empty name', { $set: { 'a..b': 1 } }, [2, 56]],
    ['for $rename to itself', { $rename: { n: 'n' } }, [2, 40]],
    ['for $pop by something else', { $pop: { a: 2 as never } }, 9],
    ['for a field with a dollar', { $set: { $x: 1 } }, [2, 52]],
    ['for a stage no update has', [{ $match: {} }], 72],
  ];
  for (const [title, update, codes, options = {}] of refused)
    test(title, async () => {
      const things = await suite.seeded(before);
      const error = await things.updateOne({}, update, options).catch((e: unknown) => e);
      expect([codes].flat()).toContain((error as mongo.MongoServerError).code);
      expect(await things.findOne()).toEqual({ _id: 0, ...before });
    });

  test.each([
    ['', { $expr: { $eq: ['$n', 5] } }],
    [' within $and', { $and: [{ n: 1 }, { $expr: { $eq: ['$n', 5] } }] }],
  ])('for $expr in the filter of an upsert%s', async (_title, filter) => {
    const things = await suite.seeded(before);
    const update = { $set: { n: 2 } };
    const upsert = { upsert: true };
    const refusal = { code: 224 };
    await expect(things.updateOne(filter, update, upsert)).rejects.toMatchObject(refusal);
    await expect(things.findOneAndUpdate(filter, update, upsert)).rejects.toMatchObject(refusal);
    expect(await things.findOne()).toEqual({ _id: 0, ...before });
  });

  test.each([1, { $type: 'text' }])('for $currentDate by %j', async (argument) => {
    const things = await suite.seeded(before);
    const update = things.updateOne({}, { $currentDate: { n: argument as never } });
    await expect(update).rejects.toMatchObject({ code: 2 });
  });

  test('for a replacement of many', async () => {
    const things = await suite.seeded({});
    const updates = [{ q: {}, u: { a: 1 }, multi: true }];
    const reply = await suite.db.command({ update: things.collectionName, updates });
    expect(reply).toMatchObject({ n: 0, writeErrors: [{ index: 0, code: 9 }] });
  });

  test('for a replacement with another _id', async () => {
    const things = await suite.seeded({ a: 1 });
    const replacement = { _id: 9 as never, a: 2 };
    await expect(things.replaceOne({ a: 1 }, replacement)).rejects.toMatchObject({ code: 66 });
  });
});
