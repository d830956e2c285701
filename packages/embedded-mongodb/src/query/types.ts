import { Decimal128, Double } from 'bson';
import { rank, rankOf } from '../bson/compare.ts';
import { MongoCommandError } from '../errors.ts';

const isInt = (value: unknown) => value === (Number(value) | 0) && !Object.is(value, -0);

const tests: Record<string, (value: unknown) => boolean> = {
  double: (value) => value instanceof Double || (typeof value === 'number' && !isInt(value)),
  string: (value) => typeof value === 'string',
  object: (value) => rankOf(value) === rank.object,
  array: (value) => Array.isArray(value),
  binData: (value) => rankOf(value) === rank.binary,
  undefined: () => false,
  objectId: (value) => rankOf(value) === rank.objectId,
  bool: (value) => typeof value === 'boolean',
  date: (value) => value instanceof Date,
  null: (value) => value === null,
  regex: (value) => value instanceof RegExp,
  javascript: (value) => rankOf(value) === rank.code,
  int: isInt,
  timestamp: (value) => rankOf(value) === rank.timestamp,
  long: (value) => typeof value === 'bigint',
  decimal: (value) => value instanceof Decimal128,
  minKey: (value) => rankOf(value) === rank.minKey,
  maxKey: (value) => rankOf(value) === rank.maxKey,
  number: (value) => rankOf(value) === rank.number,
};

const aliases: Record<number, string> = {
  [-1]: 'minKey',
  1: 'double',
  2: 'string',
  3: 'object',
  4: 'array',
  5: 'binData',
  6: 'undefined',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  10: 'null',
  11: 'regex',
  13: 'javascript',
  16: 'int',
  17: 'timestamp',
  18: 'long',
  19: 'decimal',
  127: 'maxKey',
};

/**
 * The test for what a $type names.
 *
 * @param type a name or a number of BSON's
 * @returns a test of values of a typed view
 * @throws MongoCommandError 2 for a type there is not
 */
export function typeTest(type: unknown): (value: unknown) => boolean {
  const name = rankOf(type) === rank.number ? aliases[Number(type)] : String(type);
  const test = name !== undefined && Object.hasOwn(tests, name) ? tests[name] : undefined;
  if (!test) throw new MongoCommandError(2, `Unknown type name alias: ${String(type)}`);
  return test;
}

/** The name that the expression `$type` gives a value of a typed view. */
export function typeName(value: unknown): string {
  if (value === undefined) return 'missing';
  const [name = 'object'] = Object.entries(tests).find(([, test]) => test(value)) ?? [];
  return name;
}
