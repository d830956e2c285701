import { beforeAll, describe, expect, test } from '@jest/globals';
import * as mongo from 'mongodb';
import { type Collection, conformance } from './support.ts';

const suite = conformance();
const { Decimal128, Long, Double, ObjectId, Binary, UUID, MinKey, MaxKey, Timestamp } = mongo;
type Case = [title: string, filter: mongo.Filter<mongo.Document>, ids: number[]];

/** Checks each filter against the same documents, whose `_id` is their place. */
function finds(title: string, documents: object[], cases: Case[]): void {
  describe(title, () => {
    let things: Collection;
    beforeAll(async () => {
      things = await suite.seeded(...documents);
    });
    test.each(cases)('%s', async (_title, filter, ids) => {
      const found = await things.find(filter).sort({ _id: 1 }).toArray();
      expect(found.map(({ _id }) => Number(_id))).toEqual(ids);
      expect(await things.countDocuments(filter)).toBe(ids.length);
    });
  });
}

finds(
  'a comparison',
  [{ v: 1 }, { v: 5 }, { v: 5.5 }, { v: '5' }, { v: null }, {}, { v: [1, 9] }, { v: true }],
  [
    ['$eq', { v: { $eq: 5 } }, [1]],
    ['a plain value', { v: '5' }, [3]],
    ['$ne', { v: { $ne: 5 } }, [0, 2, 3, 4, 5, 6, 7]],
    ['$gt', { v: { $gt: 5 } }, [2, 6]],
    ['$gte', { v: { $gte: 5 } }, [1, 2, 6]],
    ['$lt', { v: { $lt: 5 } }, [0, 6]],
    ['$lte', { v: { $lte: 5 } }, [0, 1, 6]],
    ['a range that two elements satisfy together', { v: { $gt: 5, $lt: 5.4 } }, [6]],
    ['$in', { v: { $in: [1, '5'] } }, [0, 3, 6]],
    ['$in of null', { v: { $in: [null] } }, [4, 5]],
    ['$in of nothing', { v: { $in: [] } }, []],
    ['$nin', { v: { $nin: [1, '5', null] } }, [1, 2, 7]],
    ['null finds null and nothing', { v: null }, [4, 5]],
    ['$ne null', { v: { $ne: null } }, [0, 1, 2, 3, 6, 7]],
    ['$gte null', { v: { $gte: null } }, [4, 5]],
    ['a boolean is no number', { v: { $gte: false } }, [7]],
    ['an int64', { v: Long.fromNumber(5) }, [1]],
    ['a double', { v: new Double(5) }, [1]],
    ['a decimal', { v: Decimal128.fromString('5.50') }, [2]],
  ],
);

finds(
  'a logical operator',
  [
    { a: 1, b: 1 },
    { a: 1, b: 2 },
    { a: 2, b: 2 },
  ],
  [
    ['fields together', { a: 1, b: 2 }, [1]],
    ['$and', { $and: [{ a: 1 }, { b: 2 }] }, [1]],
    ['$or', { $or: [{ a: 2 }, { b: 1 }] }, [0, 2]],
    ['$nor', { $nor: [{ a: 2 }, { b: 1 }] }, [1]],
    ['$not', { a: { $not: { $gt: 1 } } }, [0, 1]],
    ['$not of a missing field', { c: { $not: { $gt: 1 } } }, [0, 1, 2]],
    ['$or within $and', { $and: [{ $or: [{ a: 1 }, { a: 3 }] }, { b: 1 }] }, [0]],
    ['$expr', { $expr: { $eq: ['$a', '$b'] } }, [0, 2]],
    ['$expr with a literal', { $expr: { $lt: ['$a', { $literal: 2 }] } }, [0, 1]],
    ['$comment is none', { a: 2, $comment: 'why' }, [2]],
    ['nothing', {}, [0, 1, 2]],
  ],
);

finds(
  'a path',
  [
    { a: { b: 1, c: 2 } },
    { a: { c: 2, b: 1 } },
    { a: [{ b: 1 }, { b: 2 }] },
    { a: [[{ b: 1 }]] },
    { a: { b: null } },
    { a: { b: [1, 2] } },
    { a: 3 },
    { 'a.b': 1 },
  ],
  [
    ['into a document', { 'a.b': 1 }, [0, 1, 2, 5]],
    ['into a position', { 'a.0.b': 1 }, [2, 3]],
    ['into a position of a nested array', { 'a.b.1': 2 }, [5]],
    ['to a missing field', { 'a.b': null }, [4, 6, 7]],
    ['that exists', { 'a.b': { $exists: true } }, [0, 1, 2, 4, 5]],
    ['that does not', { 'a.b': { $exists: false } }, [3, 6, 7]],
    ['a document is equal with its order', { a: { b: 1, c: 2 } }, [0]],
    ['an $in over elements', { 'a.b': { $in: [2] } }, [2, 5]],
    ['a $ne over elements', { 'a.b': { $ne: 2 } }, [0, 1, 3, 4, 6, 7]],
    ['a $gt over elements', { 'a.b': { $gt: 1 } }, [2, 5]],
  ],
);

finds(
  'an array operator',
  [
    { t: ['a', 'b'] },
    { t: ['b', 'a', 'c'] },
    { t: [] },
    { t: 'a' },
    { t: [['a', 'b']] },
    {
      t: [
        { k: 1, n: 5 },
        { k: 2, n: 9 },
      ],
    },
    { t: [3, 8] },
  ],
  [
    ['$all', { t: { $all: ['a', 'b'] } }, [0, 1]],
    ['$all of one is equality', { t: { $all: ['a'] } }, [0, 1, 3]],
    ['$all of $elemMatch', { t: { $all: [{ $elemMatch: { k: 1 } }] } }, [5]],
    ['$size', { t: { $size: 2 } }, [0, 5, 6]],
    ['$size of nothing', { t: { $size: 0 } }, [2]],
    ['$elemMatch of documents', { t: { $elemMatch: { k: 1, n: { $gt: 4 } } } }, [5]],
    ['$elemMatch has one element satisfy all', { t: { $elemMatch: { k: 1, n: 9 } } }, []],
    ['paths may take two elements', { 't.k': 1, 't.n': 9 }, [5]],
    ['$elemMatch of values', { t: { $elemMatch: { $gt: 3, $lt: 8 } } }, []],
    ['$elemMatch of values that one has', { t: { $elemMatch: { $gte: 3, $lt: 8 } } }, [6]],
    ['a whole array', { t: ['a', 'b'] }, [0, 4]],
    ['an empty array', { t: [] }, [2]],
    ['$not of $elemMatch', { t: { $not: { $elemMatch: { $gte: 3 } } } }, [0, 1, 2, 3, 4, 5]],
    ['$nin of an element', { t: { $nin: ['a'] } }, [2, 4, 5, 6]],
  ],
);

finds(
  '$type',
  [
    { v: 1 },
    { v: Long.fromNumber(1) },
    { v: new Double(1) },
    { v: Decimal128.fromString('1') },
    { v: 'x' },
    { v: {} },
    { v: [] },
    { v: new ObjectId() },
    { v: true },
    { v: new Date() },
    { v: null },
    {},
    { v: ['x'] },
    { v: new Binary(new Uint8Array([1])) },
    { v: new MinKey() },
  ],
  [
    ['int', { v: { $type: 'int' } }, [0]],
    ['long', { v: { $type: 'long' } }, [1]],
    ['double', { v: { $type: 'double' } }, [2]],
    ['decimal', { v: { $type: 'decimal' } }, [3]],
    ['number', { v: { $type: 'number' } }, [0, 1, 2, 3]],
    ['string, of an element too', { v: { $type: 'string' } }, [4, 12]],
    ['object', { v: { $type: 'object' } }, [5]],
    ['array', { v: { $type: 'array' } }, [6, 12]],
    ['objectId by its number', { v: { $type: 7 } }, [7]],
    ['bool', { v: { $type: 'bool' } }, [8]],
    ['date', { v: { $type: 'date' } }, [9]],
    ['null is not missing', { v: { $type: 'null' } }, [10]],
    ['binData', { v: { $type: 'binData' } }, [13]],
    ['minKey', { v: { $type: 'minKey' } }, [14]],
    ['one of several', { v: { $type: ['bool', 'long', 3] } }, [1, 5, 8]],
    ['every number is the same to a comparison', { v: 1 }, [0, 1, 2, 3]],
  ],
);

finds(
  'an evaluation',
  [{ s: 'Chair' }, { s: 'table\nlamp' }, { s: ['desk', 'chair'] }, { n: 7 }, { n: 8.9 }, { n: -3 }],
  [
    ['a regular expression', { s: /^Ch/ }, [0]],
    ['one with i', { s: /^ch/i }, [0, 2]],
    ['one with m', { s: /^lamp/m }, [1]],
    ['one with s', { s: { $regex: 'e.l', $options: 's' } }, [1]],
    ['one with x', { s: { $regex: '^ ch # comment', $options: 'xi' } }, [0, 2]],
    ['$regex and $options', { s: { $regex: 'AIR$', $options: 'i' } }, [0, 2]],
    ['$regex of an expression', { s: { $regex: /^d/ } }, [2]],
    ['$not of one', { s: { $not: /^Ch/ } }, [1, 2, 3, 4, 5]],
    ['one in $in', { s: { $in: [/^ta/, 'desk'] } }, [1, 2]],
    ['one in $all', { s: { $all: [/^d/, /^c/] } }, [2]],
    ['one in $nin', { s: { $nin: [/a/] } }, [3, 4, 5]],
    ['$mod', { n: { $mod: [4, 3] } }, [3]],
    ['$mod cuts fractions off', { n: { $mod: [4, 0] } }, [4]],
    ['$mod keeps the sign', { n: { $mod: [2, -1] } }, [5]],
    ['$bitsAllSet', { n: { $bitsAllSet: [0, 2] } }, [3, 5]],
    ['$bitsAnyClear', { n: { $bitsAnyClear: 2 } }, [5]],
  ],
);

finds(
  'a value of a type of its own',
  [
    { v: new ObjectId('65f000000000000000000001') },
    { v: new Date(1000) },
    { v: new UUID('0d1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b') },
    { v: new Timestamp({ t: 5, i: 1 }) },
    { v: new MaxKey() },
    { v: Long.fromString('9007199254740993') },
    { v: Decimal128.fromString('0.1') },
    { v: 0.1 },
    { v: Number.NaN },
    { v: { $ref: 'stores', $id: 4 } },
  ],
  [
    ['an ObjectId', { v: new ObjectId('65f000000000000000000001') }, [0]],
    ['later ObjectIds', { v: { $gt: new ObjectId('65e000000000000000000000') } }, [0]],
    ['a date', { v: { $lte: new Date(1000) } }, [1]],
    ['a UUID', { v: new UUID('0d1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b') }, [2]],
    ['a timestamp', { v: { $gte: new Timestamp({ t: 5, i: 0 }) } }, [3]],
    ['an int64 to its last digit', { v: Long.fromString('9007199254740993') }, [5]],
    ['an int64 beside it', { v: Long.fromString('9007199254740992') }, []],
    ['a decimal is not the double near it', { v: Decimal128.fromString('0.1') }, [6]],
    ['a decimal below a double', { v: { $gt: Decimal128.fromString('0.1'), $lt: 1 } }, [7]],
    ['NaN', { v: Number.NaN }, [8]],
    ['NaN is less than nothing', { v: { $lt: 0 } }, []],
    ['the $id of a reference', { 'v.$id': 4 }, [9]],
    ['the $ref of a reference', { 'v.$ref': 'stores' }, [9]],
  ],
);

finds(
  '$all through an array',
  [{ items: [{ p: 1 }, { p: 3 }] }, { items: [{ p: 1 }] }, { items: [{ p: [1, 3] }] }],
  [
    ['of elements', { 'items.p': { $all: [1, 3] } }, [0, 2]],
    ['of a pattern', { 'items.p': { $all: [/x/] } }, []],
    [
      'of $elemMatch',
      { items: { $all: [{ $elemMatch: { p: 1 } }, { $elemMatch: { p: 3 } }] } },
      [0, 2],
    ],
  ],
);

describe('a malformed filter is refused', () => {
  test.each<[title: string, filter: object, code: number]>([
    ['unknown operator', { a: { $nope: 1 } }, 2],
    ['unknown operator at the top', { $nope: 1 }, 2],
    ['$in without an array', { a: { $in: 1 } }, 2],
    ['$or without an array', { $or: { a: 1 } }, 2],
    ['$or without a member', { $or: [] }, 2],
    ['$and of something else', { $and: [1] }, 2],
    ['$mod without a divisor', { a: { $mod: [0, 1] } }, 2],
    ['$elemMatch of no document', { a: { $elemMatch: 1 } }, 2],
    ['$regex of a number', { a: { $regex: 1 } }, 2],
    ['an unknown $type', { a: { $type: 'nope' } }, 2],
    ['$not of a value', { a: { $not: 1 } }, 2],
    ['$all without an array', { a: { $all: 1 } }, 2],
  ])('%s', async (_title, filter, code) => {
    await expect(suite.collection().find(filter).toArray()).rejects.toMatchObject({ code });
  });
});
