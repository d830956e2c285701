import { describe, expect, test } from '@jest/globals';
import * as mongo from 'mongodb';
import { conformance, typed } from './support.ts';

const suite = conformance();
const { Decimal128, Double, Long } = mongo;
type Update = object | object[];

describe('an update', () => {
  const changes: [
    title: string,
    before: object,
    update: Update,
    after: object,
    options?: object,
  ][] = [
    ['$set', { a: 1 }, { $set: { a: 2, b: 3 } }, { a: 2, b: 3 }],
    ['$set makes documents on its way', {}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } }],
    ['$set of an element', { a: [1, 2] }, { $set: { 'a.1': 9 } }, { a: [1, 9] }],
    [
      '$set beyond an array fills it up',
      { a: [1] },
      { $set: { 'a.3': 9 } },
      { a: [1, null, null, 9] },
    ],
    ['$set keeps the order of fields', { a: 1, b: 2 }, { $set: { b: 3, a: 4 } }, { a: 4, b: 3 }],
    [
      '$pull by alternatives',
      { a: [{ p: 1 }, { p: 2, q: 4 }, { p: 3 }] },
      { $pull: { a: { $or: [{ p: 1 }, { q: 4 }] } } },
      { a: [{ p: 3 }] },
    ],
    ['$unset', { a: 1, b: 2 }, { $unset: { a: '' } }, { b: 2 }],
    ['$unset of a path', { a: { b: 1, c: 2 } }, { $unset: { 'a.b': 1 } }, { a: { c: 2 } }],
    ['$unset of an element', { a: [1, 2, 3] }, { $unset: { 'a.1': 1 } }, { a: [1, null, 3] }],
    ['$unset of nothing', { a: 1 }, { $unset: { b: 1 } }, { a: 1 }],
    ['$inc', { n: 1 }, { $inc: { n: 2 } }, { n: 3 }],
    ['$inc of a missing field', {}, { $inc: { 'a.n': -2 } }, { a: { n: -2 } }],
    ['$mul', { n: 3 }, { $mul: { n: 2 } }, { n: 6 }],
    ['$mul of a missing field', {}, { $mul: { n: 2 } }, { n: 0 }],
    ['$min', { n: 3, m: 1 }, { $min: { n: 2, m: 2 } }, { n: 2, m: 1 }],
    ['$max', { n: 3, m: 1 }, { $max: { n: 2, m: 2 } }, { n: 3, m: 2 }],
    ['$max over types', { n: 3 }, { $max: { n: 'x' } }, { n: 'x' }],
    ['$rename', { a: 1, b: 2 }, { $rename: { a: 'c' } }, { b: 2, c: 1 }],
    ['$rename into a document', { a: 1 }, { $rename: { a: 'b.c' } }, { b: { c: 1 } }],
    ['$rename over another field', { a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 }],
    ['$bit', { n: 13 }, { $bit: { n: { and: 10 } } }, { n: 8 }],
    ['$bit with xor', { n: 1 }, { $bit: { n: { xor: 5 } } }, { n: 4 }],
    [
      '$setOnInsert does nothing to what is there',
      { a: 1 },
      { $set: { a: 2 }, $setOnInsert: { b: 1 } },
      { a: 2 },
    ],
    ['$push', { a: [1] }, { $push: { a: 2 } }, { a: [1, 2] }],
    ['$push to a missing field', {}, { $push: { a: 2 } }, { a: [2] }],
    ['$push of an array', { a: [1] }, { $push: { a: [2] } }, { a: [1, [2]] }],
    ['$push with $each', { a: [1] }, { $push: { a: { $each: [2, 3] } } }, { a: [1, 2, 3] }],
    [
      '$push with $position',
      { a: [1, 4] },
      { $push: { a: { $each: [2, 3], $position: 1 } } },
      { a: [1, 2, 3, 4] },
    ],
    [
      '$push with a negative $position',
      { a: [1, 4] },
      { $push: { a: { $each: [3], $position: -1 } } },
      { a: [1, 3, 4] },
    ],
    [
      '$push with $slice',
      { a: [1, 2] },
      { $push: { a: { $each: [3, 4], $slice: -3 } } },
      { a: [2, 3, 4] },
    ],
    ['$push with $slice 0', { a: [1, 2] }, { $push: { a: { $each: [3], $slice: 0 } } }, { a: [] }],
    [
      '$push with $sort',
      { a: [3, 1] },
      { $push: { a: { $each: [2], $sort: -1 } } },
      { a: [3, 2, 1] },
    ],
    [
      '$push with $sort by a field',
      { a: [{ n: 2 }] },
      { $push: { a: { $each: [{ n: 1 }], $sort: { n: 1 } } } },
      { a: [{ n: 1 }, { n: 2 }] },
    ],
    [
      '$push with all of them',
      { a: [5] },
      { $push: { a: { $each: [1, 9], $sort: 1, $slice: 2 } } },
      { a: [1, 5] },
    ],
    ['$addToSet', { a: [1] }, { $addToSet: { a: 2 } }, { a: [1, 2] }],
    [
      '$addToSet of what is there',
      { a: [{ x: 1 }] },
      { $addToSet: { a: { x: 1 } } },
      { a: [{ x: 1 }] },
    ],
    ['$addToSet with $each', { a: [1] }, { $addToSet: { a: { $each: [1, 2, 2] } } }, { a: [1, 2] }],
    ['$pop of the last', { a: [1, 2, 3] }, { $pop: { a: 1 } }, { a: [1, 2] }],
    ['$pop of the first', { a: [1, 2, 3] }, { $pop: { a: -1 } }, { a: [2, 3] }],
    ['$pull', { a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [2] }],
    ['$pull by a condition', { a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
    [
      '$pull of documents',
      { a: [{ x: 1, y: 1 }, { x: 2 }] },
      { $pull: { a: { x: 1 } } },
      { a: [{ x: 2 }] },
    ],
    ['$pull with $in', { a: [1, 2, 3] }, { $pull: { a: { $in: [1, 3] } } }, { a: [2] }],
    [
      '$pull with $elemMatch',
      { a: [{ l: [1, 5] }, { l: [1] }] },
      { $pull: { a: { l: { $elemMatch: { $gt: 4 } } } } },
      { a: [{ l: [1] }] },
    ],
    ['$pullAll', { a: [1, 2, 3, 1] }, { $pullAll: { a: [1, 3] } }, { a: [2] }],
    ['$[] changes every element', { a: [1, 2] }, { $inc: { 'a.$[]': 10 } }, { a: [11, 12] }],
    [
      '$[] within documents',
      { a: [{ n: 1 }, { n: 2 }] },
      { $set: { 'a.$[].n': 0 } },
      { a: [{ n: 0 }, { n: 0 }] },
    ],
    [
      '$[name] changes what its filter admits',
      { a: [1, 5, 9] },
      { $set: { 'a.$[big]': 0 } },
      { a: [1, 0, 0] },
      { arrayFilters: [{ big: { $gte: 5 } }] },
    ],
    [
      '$[name] by a field',
      { a: [{ k: 1 }, { k: 2 }] },
      { $set: { 'a.$[e].v': 'x' } },
      { a: [{ k: 1 }, { k: 2, v: 'x' }] },
      { arrayFilters: [{ 'e.k': 2 }] },
    ],
    [
      'a pipeline with $set',
      { a: 2, b: 3 },
      [{ $set: { c: { $add: ['$a', '$b'] } } }],
      { a: 2, b: 3, c: 5 },
    ],
    ['a pipeline with $unset', { a: 2, b: 3 }, [{ $unset: 'a' }], { b: 3 }],
    [
      'a pipeline with $replaceWith',
      { a: { x: 1 } },
      [{ $replaceWith: { $mergeObjects: ['$$ROOT', { y: 1 }] } }],
      { a: { x: 1 }, y: 1 },
    ],
    [
      'a pipeline of stages in turn',
      { n: 1 },
      [{ $set: { n: { $add: ['$n', 1] } } }, { $set: { m: '$n' } }],
      { n: 2, m: 2 },
    ],
    [
      'a pipeline with $cond',
      { n: 5 },
      [{ $set: { big: { $cond: [{ $gt: ['$n', 3] }, 'yes', 'no'] } } }],
      { n: 5, big: 'yes' },
    ],
    ['a pipeline takes a field away', { n: 5, m: 1 }, [{ $set: { m: '$$REMOVE' } }], { n: 5 }],
  ];
  for (const [title, before, update, after, options = {}] of changes)
    test(title, async () => {
      const things = await suite.seeded(before);
      await things.updateOne({ _id: 0 as never }, update, options);
      const found = await things.findOne();
      expect(found).toEqual({ _id: 0, ...after });
      expect(Object.keys(found ?? {})).toEqual(['_id', ...Object.keys(after)]);
    });

  test.each<[title: string, before: object, filter: object, update: object, after: object]>([
    ['the element that was found', { a: [1, 5] }, { a: 5 }, { $set: { 'a.$': 0 } }, { a: [1, 0] }],
    [
      'a field of it',
      { a: [{ k: 1 }, { k: 2 }] },
      { 'a.k': 2 },
      { $set: { 'a.$.v': 1 } },
      { a: [{ k: 1 }, { k: 2, v: 1 }] },
    ],
    [
      'what $elemMatch found',
      {
        a: [
          { k: 1, n: 1 },
          { k: 1, n: 2 },
        ],
      },
      { a: { $elemMatch: { k: 1, n: 2 } } },
      { $inc: { 'a.$.n': 5 } },
      {
        a: [
          { k: 1, n: 1 },
          { k: 1, n: 7 },
        ],
      },
    ],
    [
      'what $in found',
      { a: ['x', 'y'] },
      { a: { $in: ['y', 'z'] } },
      { $set: { 'a.$': 'w' } },
      { a: ['x', 'w'] },
    ],
  ])('changes %s', async (_title, before, filter, update, after) => {
    const things = await suite.seeded(before);
    await things.updateOne(filter, update);
    expect(await things.findOne()).toEqual({ _id: 0, ...after });
  });

  test.each<[title: string, before: object, update: object, after: object]>([
    ['int32 and int32', { n: 1 }, { $inc: { n: 2 } }, { $numberInt: '3' }],
    [
      'int32 beyond its range',
      { n: 2147483647 },
      { $inc: { n: 1 } },
      { $numberLong: '2147483648' },
    ],
    ['int32 and int64', { n: 1 }, { $inc: { n: Long.fromNumber(2) } }, { $numberLong: '3' }],
    ['int32 and double', { n: 1 }, { $inc: { n: new Double(2) } }, { $numberDouble: '3.0' }],
    ['double and int32', { n: new Double(1) }, { $inc: { n: 2 } }, { $numberDouble: '3.0' }],
    [
      'decimals, exactly',
      { n: Decimal128.fromString('0.1') },
      { $inc: { n: Decimal128.fromString('0.2') } },
      { $numberDecimal: '0.3' },
    ],
    [
      'int32 and decimal',
      { n: 2 },
      { $mul: { n: Decimal128.fromString('1.50') } },
      { $numberDecimal: '3.00' },
    ],
    [
      'large decimals',
      { n: Decimal128.fromString('12345678901234567890.12') },
      { $inc: { n: 1 } },
      { $numberDecimal: '12345678901234567891.12' },
    ],
  ])('computes in the wider type: %s', async (_title, before, update, n) => {
    const things = await suite.seeded(before);
    await things.updateOne({}, update);
    expect(typed(await things.findOne({}, { promoteValues: false }))).toMatchObject({ n });
  });

  test('$currentDate sets the time of the server', async () => {
    const things = await suite.seeded({});
    await things.updateOne(
      {},
      { $currentDate: { d: { $type: 'date' }, t: { $type: 'timestamp' } } },
    );
    const found = await things.findOne();
    expect(found?.d).toBeInstanceOf(Date);
    expect(found?.t).toBeInstanceOf(mongo.Timestamp);
  });

  test('of a pipeline reads the time of the server, the same for every document', async () => {
    const things = await suite.seeded({}, {}, {});
    await suite.needing('time for many', async () => {
      await things.updateMany({}, [{ $set: { at: '$$NOW', text: { $literal: '$$NOW' } } }]);
      const found = await things.find().toArray();
      expect(found).toEqual([0, 1, 2].map((_id) => ({ _id, at: found[0]?.at, text: '$$NOW' })));
      expect(found[0]?.at).toBeInstanceOf(Date);
      expect(await things.countDocuments({ $expr: { $lte: ['$at', '$$NOW'] } })).toBe(3);
    });
  });

  test.each<[title: string, stage: object]>([
    ['$replaceWith', { $replaceWith: { b: '$a' } }],
    ['$replaceRoot', { $replaceRoot: { newRoot: { b: '$a' } } }],
    ['$project', { $project: { _id: 0, b: '$a' } }],
  ])('by %s keeps the _id', async (_title, stage) => {
    const things = await suite.seeded({ a: 1 });
    await things.updateOne({}, [stage]);
    expect(await things.findOne()).toEqual({ _id: 0, b: 1 });
  });
});

describe('an update says', () => {
  test('how many it found and how many it changed', async () => {
    const things = await suite.seeded({ n: 1 }, { n: 1 }, { n: 2 });
    expect(await things.updateMany({}, { $set: { n: 1 } })).toMatchObject({
      acknowledged: true,
      matchedCount: 3,
      modifiedCount: 1,
      upsertedCount: 0,
      upsertedId: null,
    });
    expect(await things.updateOne({ n: 9 }, { $set: { n: 1 } })).toMatchObject({
      matchedCount: 0,
      modifiedCount: 0,
    });
  });

  test('the same of a replacement, which keeps the _id', async () => {
    const things = await suite.seeded({ n: 1, m: 2 });
    expect(await things.replaceOne({ n: 1 }, { x: 1 })).toMatchObject({ modifiedCount: 1 });
    expect(await things.findOne()).toEqual({ _id: 0, x: 1 });
  });
});

describe('a position', () => {
  test('is that of the element as it was, whatever else changes in it', async () => {
    const things = await suite.seeded({ a: [{ n: 1 }, { n: 2 }] });
    await things.updateOne({ 'a.n': 2 }, { $set: { 'a.$.n': 9, 'a.$.z': true } });
    const named = { $set: { 'a.$[one].n': 7, 'a.$[one].z': true } };
    await things.updateOne({}, named, { arrayFilters: [{ 'one.n': 1 }] });
    expect(await things.findOne()).toMatchObject({
      a: [
        { n: 7, z: true },
        { n: 9, z: true },
      ],
    });
  });
});
