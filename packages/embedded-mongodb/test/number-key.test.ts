import { describe, expect, test } from '@jest/globals';
import { Decimal128, Double } from 'bson';
import { compare } from '../src/bson/compare.ts';
import { sortKey } from '../src/bson/sort-key.ts';

const decimal = (text: string) => Decimal128.fromString(text);

describe('the keys of numbers', () => {
  const ascending = [
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    decimal('-1E+400'),
    -1e300,
    decimal('-9007199254740993.5'),
    -9007199254740993n,
    -9007199254740992,
    -1,
    decimal('-0.1'),
    0,
    decimal('1E-400'),
    decimal('0.1'),
    0.1,
    decimal('0.10000000000000001'),
    1,
    9007199254740992n,
    9007199254740993n,
    decimal('9007199254740993.25'),
    9007199254740994n,
    decimal('1E+30'),
    1e30,
    decimal('1000000000000000019884624838657'),
    decimal('1E+400'),
    Number.POSITIVE_INFINITY,
  ];

  test('sort as the numbers do, to the last digit and over all four types', () => {
    const keys = ascending.map((value) => sortKey(value));
    expect(keys.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(keys);
    expect(ascending.toReversed().sort(compare)).toEqual(ascending);
  });

  test('are one for equal numbers', () => {
    const groups = [
      [2, 2n, new Double(2), decimal('2'), decimal('2.000')],
      [0, -0, 0n, decimal('0E+10')],
      [0.5, decimal('0.5')],
      [9007199254740993n, decimal('9007199254740993')],
    ];
    for (const group of groups) expect(new Set(group.map((value) => sortKey(value))).size).toBe(1);
  });
});
