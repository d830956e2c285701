import { beforeAll, describe, expect, test } from '@jest/globals';
import * as mongo from 'mongodb';
import { type Collection, conformance, typed } from './support.ts';

const suite = conformance();
const { Decimal128, Double, Long, ObjectId } = mongo;
let things: Collection;
beforeAll(async () => {
  things = await suite.seeded({
    n: 7,
    f: 2.5,
    s: 'Hello',
    list: [3, 1, 2],
    items: [
      { k: 'x', v: 1 },
      { k: 'y', v: 2 },
    ],
    o: { a: 1, b: 'z' },
    d: new Date('2024-03-15T13:45:30.250Z'),
    nil: null,
    t: true,
    id: new ObjectId('65f000000000000000000001'),
    big: Long.fromString('9007199254740993'),
    dec: Decimal128.fromString('0.1'),
    two: new Double(2),
  });
});

async function evaluate(expression: unknown, options: object = {}): Promise<unknown> {
  const [found] = await things
    .aggregate([{ $project: { _id: 0, r: expression } }], options)
    .toArray();
  return found?.r;
}

/** An object with a `then`, which written down would look like a promise to linters. */
function named(spec: object, then: unknown): object {
  return Object.fromEntries([...Object.entries(spec), ['then', then]]);
}

describe('an expression', () => {
  test.each<[expression: unknown, expected: unknown]>([
    ['$n', 7],
    ['$o.a', 1],
    ['$items.v', [1, 2]],
    ['$nope', undefined],
    [{ $literal: '$n' }, '$n'],
    [{ $year: '$nope' }, null],
    [{ $month: ['$nil'] }, null],
    [{ $hour: { date: '$d', timezone: 'America/New_York' } }, 9],
    [{ $dayOfMonth: { date: '$nope', timezone: 'UTC' } }, null],
    [{ $year: '$id' }, 2024],
    [{ $dateAdd: { startDate: '$nope', unit: 'day', amount: 1 } }, null],
    [{ $dateDiff: { startDate: '$nope', endDate: '$d', unit: 'day' } }, null],
    [
      { $dateSubtract: { startDate: '$d', unit: 'day', amount: 1 } },
      new Date('2024-03-14T13:45:30.250Z'),
    ],
    [{ $last: '$list' }, 2],
    [{ $substr: ['$s', 1, 20] }, 'ello'],
    [{ $substr: ['$s', 1, -1] }, 'ello'],
    [{ $substr: ['$n', 0, 1] }, '7'],
    [{ $substrBytes: ['éa', 2, 1] }, 'a'],
    [{ $substr: ['$nope', 0, 2] }, ''],
    [{ $last: '$nope' }, null],
    [{ $last: { $literal: [] } }, undefined],
    [{ $first: [[[1, 2], [3]]] }, [1, 2]],
    [{ $slice: ['$nope', 1] }, null],
    [{ $slice: ['$list', -2] }, [1, 2]],
    [{ $slice: ['$list', 1, 5] }, [1, 2]],
    [{ $slice: ['$list', -5, 2] }, [3, 1]],
    [{ $add: ['$n', 1, '$f'] }, 10.5],
    [{ $add: ['$n', null] }, null],
    [{ $add: ['$d', 1000] }, new Date('2024-03-15T13:45:31.250Z')],
    [{ $subtract: ['$n', 2] }, 5],
    [{ $subtract: ['$d', new Date('2024-03-15T13:45:30Z')] }, 250],
    [{ $subtract: ['$d', 250] }, new Date('2024-03-15T13:45:30Z')],
    [{ $multiply: ['$n', 3] }, 21],
    [{ $divide: ['$n', 2] }, 3.5],
    [{ $mod: ['$n', 4] }, 3],
    [{ $mod: [-7, 4] }, -3],
    [{ $abs: -3 }, 3],
    [{ $ceil: '$f' }, 3],
    [{ $floor: -2.5 }, -3],
    [{ $round: ['$f', 0] }, 2],
    [{ $round: [2.375, 2] }, 2.38],
    [{ $trunc: [2.987, 1] }, 2.9],
    [{ $pow: [2, 10] }, 1024],
    [{ $sqrt: 16 }, 4],
    [{ $ln: 1 }, 0],
    [{ $log10: 100 }, 2],
    [{ $exp: 0 }, 1],
    [{ $sum: '$list' }, 6],
    [{ $sum: ['$n', '$f', 'x'] }, 9.5],
    [{ $avg: '$list' }, 2],
    [{ $min: '$list' }, 1],
    [{ $max: ['$n', 9] }, 9],
    [{ $eq: ['$n', 7] }, true],
    [{ $ne: ['$n', 7] }, false],
    [{ $gt: ['$s', 5] }, true],
    [{ $lte: ['$nil', 0] }, true],
    [{ $cmp: ['$n', 9] }, -1],
    [{ $and: ['$t', { $gt: ['$n', 1] }] }, true],
    [{ $and: [] }, true],
    [{ $or: ['$nil', 0] }, false],
    [{ $not: ['$nil'] }, true],
    [{ $cond: [{ $gt: ['$n', 5] }, 'big', 'small'] }, 'big'],
    [{ $cond: named({ if: 0, else: 'no' }, 'yes') }, 'no'],
    [{ $ifNull: ['$nope', 'other'] }, 'other'],
    [{ $ifNull: ['$nope', '$nil', 3] }, 3],
    [
      { $switch: { branches: [named({ case: { $eq: ['$n', 1] } }, 'one')], default: 'many' } },
      'many',
    ],
    [{ $concat: ['$s', ' ', 'you'] }, 'Hello you'],
    [{ $concat: ['$s', '$nil'] }, null],
    [{ $toUpper: '$s' }, 'HELLO'],
    [{ $toLower: '$s' }, 'hello'],
    [{ $substrCP: ['$s', 1, 3] }, 'ell'],
    [{ $substr: ['$s', 0, 2] }, 'He'],
    [{ $strLenCP: 'äb' }, 2],
    [{ $strLenBytes: 'äb' }, 3],
    [{ $indexOfCP: ['$s', 'l'] }, 2],
    [{ $split: ['a-b-c', '-'] }, ['a', 'b', 'c']],
    [{ $trim: { input: '  x ' } }, 'x'],
    [{ $ltrim: { input: 'xxa', chars: 'x' } }, 'a'],
    [{ $rtrim: { input: 'a  ' } }, 'a'],
    [{ $replaceOne: { input: 'aXbX', find: 'X', replacement: '-' } }, 'a-bX'],
    [{ $replaceAll: { input: 'aXbX', find: 'X', replacement: '-' } }, 'a-b-'],
    [{ $regexMatch: { input: '$s', regex: /^h/i } }, true],
    [{ $regexFind: { input: '$s', regex: 'l+' } }, { match: 'll', idx: 2, captures: [] }],
    [{ $strcasecmp: ['$s', 'HELLO'] }, 0],
    [{ $size: '$list' }, 3],
    [{ $arrayElemAt: ['$list', -1] }, 2],
    [{ $arrayElemAt: ['$list', 9] }, undefined],
    [{ $first: '$list' }, 3],
    [{ $last: '$list' }, 2],
    [{ $slice: ['$list', 2] }, [3, 1]],
    [{ $slice: ['$list', -2] }, [1, 2]],
    [{ $slice: ['$list', 1, 1] }, [1]],
    [{ $concatArrays: ['$list', [9]] }, [3, 1, 2, 9]],
    [{ $reverseArray: '$list' }, [2, 1, 3]],
    [{ $in: [2, '$list'] }, true],
    [{ $indexOfArray: ['$list', 1] }, 1],
    [{ $isArray: '$list' }, true],
    [{ $range: [0, 6, 2] }, [0, 2, 4]],
    [{ $filter: { input: '$list', as: 'i', cond: { $gte: ['$$i', 2] } } }, [3, 2]],
    [{ $map: { input: '$list', as: 'i', in: { $multiply: ['$$i', '$n'] } } }, [21, 7, 14]],
    [{ $map: { input: '$items', in: '$$this.k' } }, ['x', 'y']],
    [{ $reduce: { input: '$list', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, 6],
    [
      {
        $zip: {
          inputs: [
            [1, 2],
            ['a', 'b'],
          ],
        },
      },
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [{ $sortArray: { input: '$list', sortBy: 1 } }, [1, 2, 3]],
    [{ $arrayToObject: '$items' }, { x: 1, y: 2 }],
    [
      {
        $arrayToObject: [
          [
            ['a', 1],
            ['b', 2],
          ],
        ],
      },
      { a: 1, b: 2 },
    ],
    [
      { $objectToArray: '$o' },
      [
        { k: 'a', v: 1 },
        { k: 'b', v: 'z' },
      ],
    ],
    [{ $mergeObjects: ['$o', { a: 2 }] }, { a: 2, b: 'z' }],
    [{ $getField: { field: 'a', input: '$o' } }, 1],
    [{ $setField: { field: 'c', input: '$o', value: 3 } }, { a: 1, b: 'z', c: 3 }],
    [
      {
        $size: {
          $setUnion: [
            [1, 2],
            [2, 3],
          ],
        },
      },
      3,
    ],
    [
      {
        $setIntersection: [
          [1, 2],
          [2, 3],
        ],
      },
      [2],
    ],
    [
      {
        $setDifference: [
          [1, 2],
          [2, 3],
        ],
      },
      [1],
    ],
    [{ $setIsSubset: [[1], [1, 2]] }, true],
    [
      {
        $setEquals: [
          [1, 2],
          [2, 1],
        ],
      },
      true,
    ],
    [{ $anyElementTrue: [[0, 1]] }, true],
    [{ $allElementsTrue: [[0, 1]] }, false],
    [{ $let: { vars: { x: { $add: ['$n', 1] } }, in: { $multiply: ['$$x', 2] } } }, 16],
    [{ $year: '$d' }, 2024],
    [{ $month: '$d' }, 3],
    [{ $dayOfMonth: '$d' }, 15],
    [{ $dayOfWeek: '$d' }, 6],
    [{ $dayOfYear: '$d' }, 75],
    [{ $hour: '$d' }, 13],
    [{ $minute: '$d' }, 45],
    [{ $second: '$d' }, 30],
    [{ $millisecond: '$d' }, 250],
    [{ $isoWeek: '$d' }, 11],
    [{ $hour: { date: '$d', timezone: '+02:00' } }, 15],
    [{ $dateToString: { date: '$d', format: '%Y-%m-%d %H:%M' } }, '2024-03-15 13:45'],
    [{ $dateToString: { date: '$d' } }, '2024-03-15T13:45:30.250Z'],
    [{ $dateFromString: { dateString: '2024-01-02T03:04:05Z' } }, new Date('2024-01-02T03:04:05Z')],
    [{ $dateFromParts: { year: 2024, month: 2, day: 3 } }, new Date('2024-02-03T00:00:00Z')],
    [
      { $dateAdd: { startDate: '$d', unit: 'month', amount: 1 } },
      new Date('2024-04-15T13:45:30.250Z'),
    ],
    [
      { $dateSubtract: { startDate: '$d', unit: 'day', amount: 15 } },
      new Date('2024-02-29T13:45:30.250Z'),
    ],
    [
      { $dateDiff: { startDate: new Date('2024-01-01T00:00:00Z'), endDate: '$d', unit: 'day' } },
      74,
    ],
    [{ $dateTrunc: { date: '$d', unit: 'hour' } }, new Date('2024-03-15T13:00:00Z')],
    [{ $toDate: '$id' }, new ObjectId('65f000000000000000000001').getTimestamp()],
    [{ $toString: '$n' }, '7'],
    [{ $toString: '$id' }, '65f000000000000000000001'],
    [{ $toInt: '42' }, 42],
    [{ $toDouble: '2.5' }, 2.5],
    [{ $toBool: 0 }, false],
    [{ $toObjectId: '65f000000000000000000001' }, new ObjectId('65f000000000000000000001')],
    [{ $convert: { input: 'x', to: 'int', onError: -1 } }, -1],
    [{ $convert: { input: null, to: 'int', onNull: 0 } }, 0],
    [{ $isNumber: '$n' }, true],
  ])('%j', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});

describe('$type says', () => {
  test.each<[path: string, type: string]>([
    ['$n', 'int'],
    ['$f', 'double'],
    ['$two', 'double'],
    ['$big', 'long'],
    ['$dec', 'decimal'],
    ['$s', 'string'],
    ['$list', 'array'],
    ['$o', 'object'],
    ['$d', 'date'],
    ['$nil', 'null'],
    ['$t', 'bool'],
    ['$id', 'objectId'],
    ['$nope', 'missing'],
  ])('%s is %s', async (path, type) => {
    expect(await evaluate({ $type: path })).toBe(type);
  });
});

describe('a computed number has a type:', () => {
  test.each<[expression: unknown, expected: object]>([
    [{ $add: ['$n', 1] }, { $numberInt: '8' }],
    [{ $add: ['$n', '$two'] }, { $numberDouble: '9.0' }],
    [{ $add: ['$n', Long.fromNumber(1)] }, { $numberLong: '8' }],
    [{ $add: [2147483647, 1] }, { $numberLong: '2147483648' }],
    [{ $add: ['$big', 1] }, { $numberLong: '9007199254740994' }],
    [{ $add: ['$dec', Decimal128.fromString('0.2')] }, { $numberDecimal: '0.3' }],
    [{ $multiply: ['$dec', 3] }, { $numberDecimal: '0.3' }],
    [{ $divide: [4, 2] }, { $numberDouble: '2.0' }],
    [{ $divide: ['$dec', 2] }, { $numberDecimal: '0.05' }],
    [{ $subtract: ['$d', '$d'] }, { $numberLong: '0' }],
    [{ $floor: '$f' }, { $numberDouble: '2.0' }],
    [{ $sum: '$list' }, { $numberInt: '6' }],
    [{ $avg: '$list' }, { $numberDouble: '2.0' }],
    [{ $toLong: '$n' }, { $numberLong: '7' }],
    [{ $toDouble: '$n' }, { $numberDouble: '7.0' }],
    [{ $toDecimal: '$n' }, { $numberDecimal: '7' }],
    [{ $toInt: '$f' }, { $numberInt: '2' }],
    [{ $size: '$list' }, { $numberInt: '3' }],
    [{ $abs: Long.fromNumber(-3) }, { $numberLong: '3' }],
    [{ $max: ['$n', '$two'] }, { $numberInt: '7' }],
  ])('%j', async (expression, expected) => {
    expect(typed(await evaluate({ v: expression }, { promoteValues: false }))).toEqual({
      v: expected,
    });
  });
});

test('variables of the command reach expressions and filters', async () => {
  const variables = { let: { least: 5 } };
  const holds = { $expr: { $gt: ['$n', '$$least'] } };
  expect(await things.aggregate([{ $match: holds }], variables).toArray()).toHaveLength(1);
  expect(await things.find(holds, variables).toArray()).toHaveLength(1);
});

test('$$NOW is the time of the command', async () => {
  const found = await things.aggregate([{ $project: { now: '$$NOW' } }]).toArray();
  expect(found).toMatchObject([{ now: expect.any(Date) }]);
});
