import { describe, expect, test } from '@jest/globals';
import {
  Binary,
  BSON,
  BSONRegExp,
  Code,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'bson';
import { withServer } from './with-server.ts';

const { collection } = withServer();

const everything = {
  _id: new ObjectId(),
  int: new Int32(2),
  double: new Double(2),
  negativeZero: new Double(-0),
  notANumber: new Double(Number.NaN),
  long: Long.fromString('9223372036854775807'),
  smallLong: Long.fromNumber(2),
  decimal: Decimal128.fromString('1.10'),
  date: new Date(-1),
  binary: new Binary(Buffer.from([1, 2, 3]), 5),
  uuid: new UUID(),
  regex: new BSONRegExp('^a', 'im'),
  code: new Code('f()', { a: 1 }),
  timestamp: new Timestamp({ t: 5, i: 6 }),
  ends: [new MinKey(), new MaxKey(), null, true],
  nested: { z: 1, a: 2, 'dotted.name': 1, $dollar: 2, '7': [{}, []] },
};

function bytesOf(document: Document): string {
  return Buffer.from(BSON.serialize(document)).toString('hex');
}

async function storedBytes(projection: Document = {}): Promise<string> {
  const raw = await collection().findOne({}, { raw: true, projection });
  return (raw as unknown as Buffer).toString('hex');
}

describe('values', () => {
  test('of every BSON type come back to the byte', async () => {
    await collection().insertOne(everything);
    expect(await storedBytes()).toBe(bytesOf(everything));
  });

  test('keep their types when other fields are written', async () => {
    await collection().insertOne(everything);
    await collection().updateOne({}, { $set: { zzz: 1 } });
    expect(await storedBytes()).toBe(bytesOf({ ...everything, zzz: new Int32(1) }));
    await collection().updateOne({}, { $unset: { zzz: 1 } });
    expect(await storedBytes()).toBe(bytesOf(everything));
  });

  test('keep their types in a projection and through the choosing stages of a pipeline', async () => {
    const { _id, int, double, long } = everything;
    await collection().insertOne({ _id, int, double, long, other: 1 });
    expect(await storedBytes({ other: 0 })).toBe(bytesOf({ _id, int, double, long }));
    expect(await storedBytes({ double: 1 })).toBe(bytesOf({ _id, double }));
    const cursor = collection().aggregate([{ $match: {} }, { $sort: { int: 1 } }], { raw: true });
    const [raw] = await cursor.toArray();
    expect((raw as unknown as Buffer).toString('hex')).toBe(
      bytesOf({ _id, int, double, long, other: new Int32(1) }),
    );
  });

  test('keep their order, even if their names are numbers', async () => {
    const document = BSON.deserialize(BSON.serialize(new Map<string, unknown>([['_id', 1]])));
    const ordered = new Map<string, unknown>([
      ['_id', document._id],
      ['b', 1],
      ['2', 2],
      ['1', 3],
    ]);
    await collection().insertOne(ordered as never);
    await collection().updateOne({}, { $inc: { b: 1 } });
    expect(await storedBytes()).toBe(bytesOf(new Map(ordered).set('b', 2)));
  });

  test('an _id comes first, wherever the client put it', async () => {
    await collection().insertOne({ a: 1, _id: 5 as never });
    expect(Object.keys((await collection().findOne({})) ?? {})).toEqual(['_id', 'a']);
  });

  test('numbers of different types are equal if they are the same number', async () => {
    await collection().insertOne({ n: new Double(2) });
    for (const n of [2, Long.fromNumber(2), new Double(2), Decimal128.fromString('2')]) {
      expect(await collection().countDocuments({ n })).toBe(1);
    }
    await collection().createIndex({ n: 1 }, { unique: true });
    await expect(collection().insertOne({ n: Long.fromNumber(2) })).rejects.toMatchObject({
      code: 11000,
    });
  });

  test('sums have the wider type of their parts', async () => {
    await collection().insertOne({
      _id: 1 as never,
      int: 2_147_483_647,
      double: new Double(1),
      long: Long.fromNumber(1),
    });
    await collection().updateOne(
      {},
      { $inc: { int: 1, double: 1, long: 1, fresh: new Double(1) } },
    );
    expect(await storedBytes()).toBe(
      bytesOf({
        _id: new Int32(1),
        int: Long.fromNumber(2_147_483_648),
        double: new Double(2),
        long: Long.fromNumber(2),
        fresh: new Double(1),
      }),
    );
  });

  test('fields called __proto__ and constructor are kept, and pollute nothing', async () => {
    const text = '{"_id":1,"nested":{"__proto__":{"polluted":true},"constructor":{"x":1}}}';
    const document = JSON.parse(text);
    await collection().insertOne(document);
    await collection().updateOne({}, { $set: { 'nested.constructor.y': 2 } });
    await collection().updateOne({}, [{ $set: { z: 1 } }]);
    expect(await storedBytes()).toBe(
      bytesOf(JSON.parse(text.replace('"x":1}}', '"x":1,"y":2}},"z":1'))),
    );
    expect('polluted' in {}).toBe(false);
  });
});
