import { rank, rankOf } from '../bson/compare.ts';
import { MongoCommandError } from '../errors.ts';

const isInt = (value: unknown) => typeof value === 'number' && value === (value | 0);
const isLong = (value: unknown) =>
  typeof value === 'bigint' || (Number.isSafeInteger(value) && !isInt(value));

const tests: Record<string, (value: unknown) => boolean> = {
  double: (value) => typeof value === 'number' && !isInt(value),
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
  long: isLong,
  decimal: (value) => rankOf(value) === rank.number && typeof value === 'object',
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
 * Whether a plain value is of the type a $type names.
 *
 * @param value a value of a view, in which an integral double looks like an int
 * @param type a name or a number of BSON's
 * @throws MongoCommandError 2 for a type there is not
 */
export function isOfType(value: unknown, type: unknown): boolean {
  const name = typeof type === 'number' ? aliases[type] : String(type);
  const test = name !== undefined && Object.hasOwn(tests, name) ? tests[name] : undefined;
  if (!test) throw new MongoCommandError(2, `Unknown type name alias: ${String(type)}`);
  return test(value);
}
