import { describe, expect, test } from '@jest/globals';
import { conformance } from './support.ts';

const suite = conformance();
type Case = [title: string, documents: object[], pipeline: object[], expected: object[]];

const sales = [
  { item: 'a', n: 1, price: 10, tags: ['x', 'y'] },
  { item: 'b', n: 2, price: 20, tags: ['y'] },
  { item: 'a', n: 3, price: 5, tags: [] },
];
const byId = { $sort: { _id: 1 } };

const cases: Case[] = [
  ['nothing', [{ a: 1 }], [], [{ _id: 0, a: 1 }]],
  ['$match', sales, [{ $match: { n: { $gt: 1 } } }, { $count: 'n' }], [{ n: 2 }]],
  [
    '$match after a stage',
    sales,
    [
      { $set: { t: { $multiply: ['$n', '$price'] } } },
      { $match: { t: { $gte: 15 } } },
      byId,
      { $project: { t: 1 } },
    ],
    [
      { _id: 1, t: 40 },
      { _id: 2, t: 15 },
    ],
  ],
  [
    '$match with $expr',
    sales,
    [{ $match: { $expr: { $gt: ['$price', '$n'] } } }, { $count: 'n' }],
    [{ n: 3 }],
  ],
  ['$project', sales, [byId, { $limit: 1 }, { $project: { item: 1, _id: 0 } }], [{ item: 'a' }]],
  [
    '$project that excludes',
    sales,
    [byId, { $limit: 1 }, { $project: { tags: 0, price: 0 } }],
    [{ _id: 0, item: 'a', n: 1 }],
  ],
  [
    '$project of computed fields',
    sales,
    [
      byId,
      { $limit: 1 },
      {
        $project: {
          _id: 0,
          total: { $multiply: ['$n', '$price'] },
          first: { $arrayElemAt: ['$tags', 0] },
        },
      },
    ],
    [{ total: 10, first: 'x' }],
  ],
  [
    '$project of a nested field',
    [{ a: { b: 1, c: 2 } }],
    [{ $project: { 'a.b': 1 } }],
    [{ _id: 0, a: { b: 1 } }],
  ],
  [
    '$project into a document',
    [{ a: 1, b: 2 }],
    [{ $project: { _id: 0, pair: { x: '$a', y: '$b' } } }],
    [{ pair: { x: 1, y: 2 } }],
  ],
  [
    '$project into an array',
    [{ a: 1, b: 2 }],
    [{ $project: { _id: 0, pair: ['$a', '$b', '$c'] } }],
    [{ pair: [1, 2, null] }],
  ],
  [
    '$addFields',
    [{ a: 1 }],
    [{ $addFields: { b: 2, 'c.d': '$a' } }],
    [{ _id: 0, a: 1, b: 2, c: { d: 1 } }],
  ],
  ['$set', [{ a: 1 }], [{ $set: { a: { $add: ['$a', 1] } } }], [{ _id: 0, a: 2 }]],
  ['$set of a missing field adds none', [{ a: 1 }], [{ $set: { b: '$nope' } }], [{ _id: 0, a: 1 }]],
  ['$unset of one', [{ a: 1, b: 2 }], [{ $unset: 'a' }], [{ _id: 0, b: 2 }]],
  [
    '$unset of several',
    [{ a: 1, b: { c: 1, d: 2 } }],
    [{ $unset: ['a', 'b.c'] }],
    [{ _id: 0, b: { d: 2 } }],
  ],
  [
    '$bucketAuto',
    [{ n: 1 }, { n: 2 }, { n: 5 }],
    [{ $bucketAuto: { groupBy: '$n', buckets: 2 } }],
    [
      { _id: { min: 1, max: 5 }, count: 2 },
      { _id: { min: 5, max: 5 }, count: 1 },
    ],
  ],
  [
    '$set into each element of an array',
    [{ a: [{ x: 1 }, { x: 2 }] }],
    [{ $set: { 'a.y': 9 } }],
    [
      {
        _id: 0,
        a: [
          { x: 1, y: 9 },
          { x: 2, y: 9 },
        ],
      },
    ],
  ],
  [
    '$setWindowFields',
    [{ n: 1 }, { n: 2 }],
    [
      {
        $setWindowFields: {
          sortBy: { _id: 1 },
          output: { sum: { $sum: '$n', window: { documents: ['unbounded', 'current'] } } },
        },
      },
      byId,
    ],
    [
      { _id: 0, n: 1, sum: 1 },
      { _id: 1, n: 2, sum: 3 },
    ],
  ],
  [
    '$sort, $skip and $limit',
    sales,
    [{ $sort: { price: -1 } }, { $skip: 1 }, { $limit: 1 }, { $project: { price: 1 } }],
    [{ _id: 0, price: 10 }],
  ],
  [
    '$unwind',
    sales,
    [{ $unwind: '$tags' }, { $sort: { _id: 1, tags: 1 } }, { $project: { tags: 1 } }],
    [
      { _id: 0, tags: 'x' },
      { _id: 0, tags: 'y' },
      { _id: 1, tags: 'y' },
    ],
  ],
  [
    '$unwind of nothing',
    [{ a: [] }, { a: null }, {}, { a: 1 }],
    [{ $unwind: '$a' }],
    [{ _id: 3, a: 1 }],
  ],
  [
    '$unwind that preserves',
    [{ a: [] }, { a: null }, {}],
    [{ $unwind: { path: '$a', preserveNullAndEmptyArrays: true } }, byId],
    [{ _id: 0 }, { _id: 1, a: null }, { _id: 2 }],
  ],
  [
    '$unwind with positions',
    [{ a: ['x', 'y'] }],
    [{ $unwind: { path: '$a', includeArrayIndex: 'at' } }],
    [
      { _id: 0, a: 'x', at: 0 },
      { _id: 0, a: 'y', at: 1 },
    ],
  ],
  [
    '$unwind of a path',
    [{ a: { b: [1, 2] } }],
    [{ $unwind: '$a.b' }],
    [
      { _id: 0, a: { b: 1 } },
      { _id: 0, a: { b: 2 } },
    ],
  ],
  ['$replaceRoot', [{ a: { x: 1 } }], [{ $replaceRoot: { newRoot: '$a' } }], [{ x: 1 }]],
  [
    '$replaceWith',
    [{ a: { x: 1 }, b: 2 }],
    [{ $replaceWith: { $mergeObjects: ['$a', { y: '$b' }] } }],
    [{ x: 1, y: 2 }],
  ],
  [
    '$sortByCount',
    sales,
    [{ $sortByCount: '$item' }],
    [
      { _id: 'a', count: 2 },
      { _id: 'b', count: 1 },
    ],
  ],
  [
    '$bucket',
    [{ n: 1 }, { n: 5 }, { n: 15 }, { n: 99 }],
    [{ $bucket: { groupBy: '$n', boundaries: [0, 10, 20], default: 'other' } }],
    [
      { _id: 0, count: 2 },
      { _id: 10, count: 1 },
      { _id: 'other', count: 1 },
    ],
  ],
  [
    '$bucket with output',
    [{ n: 1 }, { n: 5 }],
    [{ $bucket: { groupBy: '$n', boundaries: [0, 10], output: { sum: { $sum: '$n' } } } }],
    [{ _id: 0, sum: 6 }],
  ],
  [
    '$facet',
    sales,
    [
      {
        $facet: {
          count: [{ $count: 'n' }],
          top: [{ $sort: { price: -1 } }, { $limit: 1 }, { $project: { price: 1, _id: 0 } }],
        },
      },
    ],
    [{ count: [{ n: 3 }], top: [{ price: 20 }] }],
  ],
  [
    '$redact of whole documents',
    [{ l: 1 }, { l: 5 }],
    [{ $redact: { $cond: [{ $lte: ['$l', 3] }, '$$KEEP', '$$PRUNE'] } }],
    [{ _id: 0, l: 1 }],
  ],
  [
    '$redact',
    [{ l: 1, a: { l: 5, x: 1 } }],
    [{ $redact: { $cond: [{ $lte: ['$l', 3] }, '$$DESCEND', '$$PRUNE'] } }],
    [{ _id: 0, l: 1 }],
  ],
  ['$sample of all', [{ a: 1 }], [{ $sample: { size: 3 } }], [{ _id: 0, a: 1 }]],
];

const group: [title: string, values: unknown[], accumulator: object, expected: unknown][] = [
  ['$sum', [1, 2, 'x', null], { $sum: '$v' }, 3],
  ['$sum of ones', [1, 2, 3], { $sum: 1 }, 3],
  ['$sum of nothing', ['x'], { $sum: '$v' }, 0],
  ['$avg', [1, 2, 6, 'x'], { $avg: '$v' }, 3],
  ['$avg of nothing', ['x'], { $avg: '$v' }, null],
  ['$min', [3, 1, null, 2], { $min: '$v' }, 1],
  ['$max', [3, 1, 'x'], { $max: '$v' }, 'x'],
  ['$first', [3, 1], { $first: '$v' }, 3],
  ['$last', [3, 1], { $last: '$v' }, 1],
  ['$push', [3, 1, null, undefined], { $push: '$v' }, [3, 1, null]],
  ['$push of documents', [3], { $push: { id: '$_id', v: '$v' } }, [{ id: 0, v: 3 }]],
  ['$addToSet', [3, 3], { $addToSet: '$v' }, [3]],
  ['$count', [3, 3], { $count: {} }, 2],
  ['$mergeObjects', [{ a: 1 }, { b: 2 }, null], { $mergeObjects: '$v' }, { a: 1, b: 2 }],
  ['$stdDevPop', [2, 4, 4, 4, 5, 5, 7, 9], { $stdDevPop: '$v' }, 2],
  ['$firstN', [1, 2, 3], { $firstN: { input: '$v', n: 2 } }, [1, 2]],
  ['$lastN', [1, 2, 3], { $lastN: { input: '$v', n: 2 } }, [2, 3]],
  ['$minN', [3, 1, 2], { $minN: { input: '$v', n: 2 } }, [1, 2]],
  ['$maxN', [3, 1, 2], { $maxN: { input: '$v', n: 2 } }, [3, 2]],
  ['$top', [3, 1, 2], { $top: { output: '$_id', sortBy: { v: 1 } } }, 1],
  ['$bottom', [3, 1, 2], { $bottom: { output: '$_id', sortBy: { v: 1 } } }, 0],
  ['$sum of an expression', [3, 1], { $sum: { $multiply: ['$v', 2] } }, 8],
  ['$sum of a $cond', [3, 1], { $sum: { $cond: [{ $gt: ['$v', 2] }, 1, 0] } }, 1],
];

describe('a stage', () => {
  test.each(cases)('%s', async (_title, documents, pipeline, expected) => {
    const things = await suite.seeded(...documents);
    expect(await things.aggregate(pipeline).toArray()).toEqual(expected);
  });

  test('$documents stands for a collection', async () => {
    const found = await suite.db
      .aggregate([{ $documents: [{ a: 1 }, { a: 2 }] }, { $match: { a: 2 } }])
      .toArray();
    expect(found).toEqual([{ a: 2 }]);
  });
});

describe('$group', () => {
  test.each(group)('%s', async (_title, values, accumulator, expected) => {
    const things = await suite.seeded(...values.map((v) => (v === undefined ? {} : { v })));
    const pipeline = [{ $sort: { _id: 1 } }, { $group: { _id: null, r: accumulator } }];
    expect(await things.aggregate(pipeline).toArray()).toEqual([{ _id: null, r: expected }]);
  });

  test.each<[title: string, id: unknown, expected: unknown[]]>([
    ['by a field', '$item', ['a', 'b']],
    ['by an expression', { $mod: ['$n', 2] }, [0, 1]],
    [
      'by several fields',
      { i: '$item', odd: { $mod: ['$n', 2] } },
      [
        { i: 'a', odd: 1 },
        { i: 'b', odd: 0 },
      ],
    ],
    ['by nothing', null, [null]],
    ['by a missing field', '$nope', [null]],
    ['by a date', { $dateToString: { date: new Date(0), format: '%Y' } }, ['1970']],
  ])('%s', async (_title, id, expected) => {
    const things = await suite.seeded(...sales);
    const found = await things.aggregate([{ $group: { _id: id } }, byId]).toArray();
    expect(found.map(({ _id }) => _id)).toEqual(expected);
  });
});

describe('a pipeline is refused', () => {
  test.each<[title: string, pipeline: object[], codes: number[]]>([
    ['for an unknown stage', [{ $nope: {} }], [40324]],
    ['for a stage of two names', [{ $match: {}, $limit: 1 }], [40323]],
    ['for an unknown expression', [{ $project: { a: { $nope: 1 } } }], [31325, 168, 40324]],
    ['for an unknown accumulator', [{ $group: { _id: null, a: { $nope: 1 } } }], [15952]],
    ['for a $group without an _id', [{ $group: { a: { $sum: 1 } } }], [15955]],
    ['for a $limit of 0', [{ $limit: 0 }], [15958]],
    ['for a negative $skip', [{ $skip: -1 }], [5107200, 15957, 2]],
    ['for a $match of no document', [{ $match: 1 }], [15959]],
    ['for an unknown operator in $match', [{ $match: { a: { $nope: 1 } } }], [2]],
    ['for an undefined variable', [{ $project: { a: '$$nope' } }], [17276]],
    ['for a division by zero', [{ $project: { a: { $divide: [1, 0] } } }], [2]],
    ['for $add of a string', [{ $project: { a: { $add: ['x', 1] } } }], [14]],
    ['for a root that is not a document', [{ $replaceRoot: { newRoot: 1 } }], [40228]],
  ])('%s', async (_title, pipeline, codes) => {
    const things = await suite.seeded({ a: 1 });
    const error = await things
      .aggregate(pipeline)
      .toArray()
      .catch((e: unknown) => e);
    expect(codes).toContain((error as { code?: number }).code);
  });
});
