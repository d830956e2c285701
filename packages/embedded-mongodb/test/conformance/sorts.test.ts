import { describe, expect, test } from '@jest/globals';
import * as mongo from 'mongodb';
import { conformance } from './support.ts';

const suite = conformance();
const { Decimal128, Long, MaxKey, MinKey, ObjectId, Timestamp, Binary } = mongo;

async function order(values: unknown[], sort: mongo.Sort): Promise<number[]> {
  const things = await suite.seeded(...values.map((v) => (v === undefined ? {} : { v })));
  return (await things.find({}, { sort }).toArray()).map(({ _id }) => Number(_id));
}

describe('a sort', () => {
  const mixed = [
    new MaxKey(),
    'b',
    2,
    null,
    { x: 1 },
    new ObjectId(),
    new Date(),
    true,
    new MinKey(),
    /r/,
    new Timestamp({ t: 1, i: 1 }),
    new Binary(new Uint8Array([1])),
    false,
    'a',
    1.5,
  ];
  test('orders the types', async () => {
    const ascending = [8, 3, 14, 2, 13, 1, 4, 11, 5, 12, 7, 6, 10, 9, 0];
    expect(await order(mixed, { v: 1 })).toEqual(ascending);
    expect(await order(mixed, { v: -1 })).toEqual(ascending.toReversed());
  });

  test.each<[title: string, values: unknown[], sort: mongo.Sort, ids: number[]]>([
    [
      'numbers of every type',
      [3, Decimal128.fromString('1.5'), Long.fromNumber(2), 1],
      { v: 1 },
      [3, 1, 2, 0],
    ],
    ['NaN below every number', [0, Number.NaN, -1], { v: 1 }, [1, 2, 0]],
    ['strings by their bytes', ['a', 'B', 'ä', 'aa', ''], { v: 1 }, [4, 1, 0, 3, 2]],
    ['dates', [new Date(5), new Date(-5), new Date(0)], { v: 1 }, [1, 2, 0]],
    ['missing with null', [1, undefined, null], { v: 1, _id: 1 }, [1, 2, 0]],
    ['an array by its smallest going up', [[5, 1], 3, [4, 2]], { v: 1 }, [0, 2, 1]],
    ['an array by its largest going down', [[5, 1], 3, [4, 2]], { v: -1 }, [0, 2, 1]],
    ['a path', [{ n: 2 }, { n: 1 }, 5], { 'v.n': 1 }, [2, 1, 0]],
    ['a path through an array', [[{ n: 5 }, { n: 1 }], { n: 3 }], { 'v.n': -1 }, [0, 1]],
    ['documents field by field', [{ a: 2 }, { a: 1, b: 9 }, { a: 1 }], { v: 1 }, [2, 1, 0]],
    ['by the next field where one is equal', [1, 1, 0], { v: 1, _id: -1 }, [2, 1, 0]],
    [
      'decimals to their last digit',
      [
        Decimal128.fromString('0.10000000000000000002'),
        Decimal128.fromString('0.10000000000000000001'),
      ],
      { v: 1 },
      [1, 0],
    ],
    [
      'int64 to the last digit',
      [Long.fromString('9007199254740993'), Long.fromString('9007199254740992')],
      { v: 1 },
      [1, 0],
    ],
  ])('%s', async (_title, values, sort, ids) => {
    expect(await order(values, sort)).toEqual(ids);
  });

  test('with skip and limit', async () => {
    const things = await suite.seeded({ v: 3 }, { v: 1 }, { v: 2 }, { v: 0 });
    const found = await things.find().sort({ v: 1 }).skip(1).limit(2).toArray();
    expect(found.map(({ v }) => v)).toEqual([1, 2]);
  });

  test('by a wrong direction is refused', async () => {
    const things = await suite.seeded({ v: 3 });
    await expect(suite.db.command({ find: things.collectionName, sort: { v: 2 } })).rejects.toThrow(
      mongo.MongoServerError,
    );
  });
});
