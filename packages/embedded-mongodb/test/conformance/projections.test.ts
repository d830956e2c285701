import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Collection, conformance } from './support.ts';

const suite = conformance();
let things: Collection;
beforeAll(async () => {
  things = await suite.seeded({
    a: 1,
    b: { c: 2, d: { e: 3 } },
    list: [5, 6, 7, 8],
    items: [
      { k: 'x', n: 1 },
      { k: 'y', n: 2 },
      { k: 'y', n: 3 },
    ],
  });
});

const whole = {
  _id: 0,
  a: 1,
  b: { c: 2, d: { e: 3 } },
  list: [5, 6, 7, 8],
  items: [
    { k: 'x', n: 1 },
    { k: 'y', n: 2 },
    { k: 'y', n: 3 },
  ],
};
const { b: _b, ...withoutB } = whole;
const { items: _items, list: _list, ...withoutArrays } = whole;

describe('a projection', () => {
  test.each<[title: string, projection: object, expected: object]>([
    ['empty', {}, whole],
    ['includes', { a: 1 }, { _id: 0, a: 1 }],
    ['includes with true', { a: true }, { _id: 0, a: 1 }],
    ['includes without the _id', { a: 1, _id: 0 }, { a: 1 }],
    ['only the _id', { _id: 1 }, { _id: 0 }],
    ['includes what is not there', { nope: 1 }, { _id: 0 }],
    ['includes a path', { 'b.d.e': 1 }, { _id: 0, b: { d: { e: 3 } } }],
    ['includes a nested document', { b: { c: 1 } }, { _id: 0, b: { c: 2 } }],
    [
      'includes a path in an array',
      { 'items.k': 1 },
      { _id: 0, items: [{ k: 'x' }, { k: 'y' }, { k: 'y' }] },
    ],
    ['keeps the order of the document', { list: 1, a: 1 }, { _id: 0, a: 1, list: [5, 6, 7, 8] }],
    ['excludes', { items: 0, list: 0 }, withoutArrays],
    ['excludes a path', { 'b.d': 0, items: 0, list: 0 }, { _id: 0, a: 1, b: { c: 2 } }],
    ['excludes the _id', { _id: 0, b: 0, items: 0, list: 0 }, { a: 1 }],
    [
      'excludes in an array',
      { b: 0, list: 0, a: 0, 'items.n': 0 },
      { _id: 0, items: [{ k: 'x' }, { k: 'y' }, { k: 'y' }] },
    ],
    ['$slice from the front', { list: { $slice: 2 }, a: 1 }, { _id: 0, a: 1, list: [5, 6] }],
    ['$slice from the end', { list: { $slice: -1 }, a: 1 }, { _id: 0, a: 1, list: [8] }],
    ['$slice with a skip', { list: { $slice: [1, 2] }, a: 1 }, { _id: 0, a: 1, list: [6, 7] }],
    [
      '$slice with a skip from the end',
      { list: { $slice: [-3, 2] }, a: 1 },
      { _id: 0, a: 1, list: [6, 7] },
    ],
    [
      '$slice alone keeps the rest',
      { items: { $slice: 1 }, b: 0 },
      { ...withoutB, items: [{ k: 'x', n: 1 }] },
    ],
    ['$elemMatch', { items: { $elemMatch: { k: 'y' } } }, { _id: 0, items: [{ k: 'y', n: 2 }] }],
    [
      '$elemMatch that nothing matches',
      { items: { $elemMatch: { k: 'z' } }, a: 1 },
      { _id: 0, a: 1 },
    ],
    ['a computed field', { sum: { $add: ['$a', '$b.c'] } }, { _id: 0, sum: 3 }],
    [
      'a computed field beside others',
      { a: 1, twice: { $multiply: ['$a', 2] } },
      { _id: 0, a: 1, twice: 2 },
    ],
    ['another field under a new name', { _id: 0, other: '$b.c' }, { other: 2 }],
    ['a literal', { _id: 0, one: { $literal: 1 } }, { one: 1 }],
  ])('%s', async (_title, projection, expected) => {
    const found = await things.findOne({}, { projection });
    expect(found).toEqual(expected);
    expect(Object.keys(found ?? {})).toEqual(Object.keys(expected));
  });

  test('of the element that the query found', async () => {
    const found = await things.findOne({ 'items.k': 'y' }, { projection: { 'items.$': 1 } });
    expect(found).toEqual({ _id: 0, items: [{ k: 'y', n: 2 }] });
  });

  test('of the element that $elemMatch found', async () => {
    const found = await things.findOne(
      { items: { $elemMatch: { k: 'y', n: { $gt: 2 } } } },
      { projection: { 'items.$': 1, a: 1 } },
    );
    expect(found).toEqual({ _id: 0, a: 1, items: [{ k: 'y', n: 3 }] });
  });

  test('of a value that the query found', async () => {
    const found = await things.findOne({ list: { $gt: 6 } }, { projection: { 'list.$': 1 } });
    expect(found).toEqual({ _id: 0, list: [7] });
  });

  test.each<[title: string, projection: object, codes: number[]]>([
    ['inclusion beside exclusion', { a: 1, b: 0 }, [31253, 31254]],
    ['an unknown operator', { a: { $nope: 1 } }, [31325, 168]],
    ['two paths that collide', { b: 1, 'b.c': 1 }, [31249, 31250]],
  ])('%s is refused', async (_title, projection, codes) => {
    const error = await things.findOne({}, { projection }).catch((e: unknown) => e);
    expect(codes).toContain((error as { code: number }).code);
  });
});
