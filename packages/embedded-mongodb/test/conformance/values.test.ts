import { describe, expect, test } from '@jest/globals';
import * as mongo from 'mongodb';
import { conformance, typed } from './support.ts';

const suite = conformance();
const {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} = mongo;
const { DBRef, BSONSymbol } = mongo.BSON;

const values: [title: string, value: unknown][] = [
  ['an int32', new Int32(42)],
  ['the smallest int32', new Int32(-2147483648)],
  ['an int64', Long.fromNumber(42)],
  ['the largest int64', Long.MAX_VALUE],
  ['a double', new Double(1.5)],
  ['an integral double', new Double(2)],
  ['minus zero', new Double(-0)],
  ['infinity', new Double(Number.POSITIVE_INFINITY)],
  ['NaN', new Double(Number.NaN)],
  ['the smallest double', new Double(5e-324)],
  ['a decimal', Decimal128.fromString('1234567890.12345678901234')],
  ['a decimal with zeros', Decimal128.fromString('1.500')],
  ['a decimal NaN', Decimal128.fromString('NaN')],
  ['a large decimal', Decimal128.fromString('9.999999999999999999999999999999999E+6144')],
  ['a text', 'grüße 🌍'],
  ['an empty text', ''],
  ['a text with a zero', 'a\0b'],
  ['true', true],
  ['null', null],
  ['a date', new Date('2024-02-29T12:00:00.123Z')],
  ['a date before 1970', new Date(-1)],
  ['the largest date', new Date(8.64e15)],
  ['an ObjectId', new ObjectId()],
  ['bytes', new Binary(Uint8Array.from([0, 1, 255]))],
  ['no bytes', new Binary(new Uint8Array(0))],
  ['bytes of a kind of their own', new Binary(Uint8Array.from([1]), 128)],
  ['a UUID', new UUID()],
  ['a regular expression', new BSONRegExp('^a.*b$', 'imx')],
  ['a timestamp', new Timestamp({ t: 4_000_000_000, i: 7 })],
  ['code', new Code('return 1')],
  ['MinKey', new MinKey()],
  ['MaxKey', new MaxKey()],
  ['a reference', new DBRef('stores', new ObjectId())],
  ['a document', { a: { b: { c: [] } } }],
  ['an empty document', {}],
  ['an array', [1, 'x', null, [2, [3]], { a: 1 }]],
  ['deep nesting', Array.from({ length: 50 }).reduce((inner) => ({ inner }), 1)],
  ['a long text', 'x'.repeat(100_000)],
  ['names with dots and dollars', { 'a.b': 1, c$d: 2 }],
  ['names out of order', { z: 1, a: 2, m: 3 }],
  ['an empty name', { '': 1 }],
];

describe('a value comes back as it went in:', () => {
  test.each(values)('%s', async (_title, v) => {
    const things = suite.collection();
    await things.insertOne({ _id: 1 as never, v }, { ignoreUndefined: true });
    const exact = { promoteValues: false, bsonRegExp: true };
    expect(typed(await things.findOne({}, exact))).toEqual(typed({ _id: new Int32(1), v }));
  });

  test('through a pipeline', async () => {
    const things = await suite.seeded({
      i: new Int32(1),
      l: Long.fromNumber(1),
      d: new Double(1),
      m: Decimal128.fromString('1.0'),
    });
    const pipeline = [{ $set: { n: 1 } }, { $unset: 'n' }];
    const [found] = await things.aggregate(pipeline, { promoteValues: false }).toArray();
    expect(typed(found)).toEqual({
      _id: { $numberInt: '0' },
      i: { $numberInt: '1' },
      l: { $numberLong: '1' },
      d: { $numberDouble: '1.0' },
      m: { $numberDecimal: '1.0' },
    });
  });

  test('through an update of another field', async () => {
    const things = await suite.seeded({
      l: Long.fromNumber(1),
      d: new Double(1),
      r: new BSONRegExp('a b', 'x'),
    });
    await things.updateOne({}, { $set: { other: 1 } });
    await things.updateOne({}, [{ $set: { more: 1 } }]);
    const found = await things.findOne(
      {},
      { promoteValues: false, bsonRegExp: true, projection: { _id: 0, l: 1, d: 1, r: 1 } },
    );
    expect(typed(found)).toEqual({
      l: { $numberLong: '1' },
      d: { $numberDouble: '1.0' },
      r: { $regularExpression: { pattern: 'a b', options: 'x' } },
    });
  });

  test('a symbol may come back as text', async () => {
    const things = await suite.seeded({ v: new BSONSymbol('x') });
    expect(String((await things.findOne())?.v)).toBe('x');
  });
});

describe('an _id may be', () => {
  test.each<[title: string, _id: unknown]>([
    ['a number', 5],
    ['a text', 'x'],
    ['a document', { a: 1, b: 2 }],
    ['a date', new Date(5)],
    ['a UUID', new UUID()],
    ['an int64', Long.fromString('9007199254740993')],
    ['a boolean', false],
  ])('%s', async (_title, _id) => {
    const things = suite.collection();
    await things.insertOne({ _id: _id as never, a: 1 });
    expect(await things.countDocuments({ _id: _id as never })).toBe(1);
    await expect(things.insertOne({ _id: _id as never })).rejects.toMatchObject({ code: 11000 });
    await things.updateOne({ _id: _id as never }, { $set: { a: 2 } });
    expect(await things.findOne({ _id: _id as never }, { projection: { _id: 0 } })).toEqual({
      a: 2,
    });
  });
});
