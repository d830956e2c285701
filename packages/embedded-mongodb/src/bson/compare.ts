import { Binary, Code, DBRef, Decimal128, Double, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { numberKey } from './number-key.ts';
import { isView, type View } from './values.ts';

/** MongoDB's order of types. All numbers have the same rank, and a missing field has the rank of null. */
export const rank = {
  minKey: 1,
  empty: 2,
  null: 3,
  number: 4,
  string: 5,
  object: 6,
  array: 7,
  binary: 8,
  objectId: 9,
  boolean: 10,
  date: 11,
  timestamp: 12,
  regex: 13,
  reference: 14,
  code: 15,
  maxKey: 16,
} as const;

/**
 * Returns the rank of a plain value's type in MongoDB's order.
 *
 * @param value a value of a view; `undefined` counts as null
 */
export function rankOf(value: unknown): number {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return rank.number;
    case 'string':
      return rank.string;
    case 'boolean':
      return rank.boolean;
    case 'object':
      return value === null ? rank.null : rankOfObject(value);
    default:
      return rank.null;
  }
}

function rankOfObject(value: object): number {
  if (Array.isArray(value)) return rank.array;
  if (isView(value)) return rank.object;
  if (value instanceof ObjectId) return rank.objectId;
  if (value instanceof Date) return rank.date;
  if (value instanceof Decimal128 || value instanceof Double) return rank.number;
  if (value instanceof Binary) return rank.binary;
  if (value instanceof Timestamp) return rank.timestamp;
  if (value instanceof RegExp) return rank.regex;
  if (value instanceof MinKey) return rank.minKey;
  if (value instanceof MaxKey) return rank.maxKey;
  if (value instanceof Code) return rank.code;
  return value instanceof DBRef ? rank.reference : rank.object;
}

/**
 * Converts a number of any BSON type to a JavaScript number. A decimal or a large int64 loses digits.
 *
 * @param value number, bigint, Double or Decimal128
 */
export function numeric(value: unknown): number {
  return typeof value === 'number' ? value : Number(String(value));
}

function compareNumbers(a: unknown, b: unknown): number {
  if (a instanceof Decimal128 || b instanceof Decimal128) {
    return order(numberKey(a as Decimal128), numberKey(b as Decimal128));
  }
  const [x, y] = [plainNumber(a), plainNumber(b)];
  const [xIsNaN, yIsNaN] = [Number.isNaN(x), Number.isNaN(y)];
  if (xIsNaN || yIsNaN) return Number(yIsNaN) - Number(xIsNaN);
  return x < y ? -1 : x > y ? 1 : 0;
}

function plainNumber(value: unknown): number | bigint {
  return value instanceof Double ? value.value : (value as number | bigint);
}

function order<T extends number | bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Maps surrogates above all other code units, so that code units sort like UTF-8 bytes. */
export function utf8Unit(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return utf8Unit(x) - utf8Unit(y);
  }
  return a.length - b.length;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return a.length - b.length || Buffer.compare(a, b);
}

function compareArrays(a: readonly unknown[], b: readonly unknown[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const result = compare(a[i], b[i]);
    if (result !== 0) return result;
  }
  return a.length - b.length;
}

function compareDocuments(a: View, b: View): number {
  const [xs, ys] = [Object.entries(a), Object.entries(b)];
  const length = Math.min(xs.length, ys.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [xs[i], ys[i]];
    if (!x || !y) break;
    const result = rankOf(x[1]) - rankOf(y[1]) || compareStrings(x[0], y[0]) || compare(x[1], y[1]);
    if (result !== 0) return result;
  }
  return xs.length - ys.length;
}

/**
 * Compares two values of views in MongoDB's total order.
 *
 * @returns a negative number, zero or a positive number, as for Array.sort
 */
export function compare(a: unknown, b: unknown): number {
  const ranks = rankOf(a) - rankOf(b);
  if (ranks !== 0) return ranks;
  switch (rankOf(a)) {
    case rank.number:
      return compareNumbers(a, b);
    case rank.string:
      return compareStrings(a as string, b as string);
    case rank.object:
      return compareDocuments(a as View, b as View);
    case rank.array:
      return compareArrays(a as unknown[], b as unknown[]);
    case rank.binary: {
      const [x, y] = [a as Binary, b as Binary];
      const sizes = x.position - y.position;
      return sizes || x.sub_type - y.sub_type || compareBytes(x.value(), y.value());
    }
    case rank.objectId:
      return compareBytes((a as ObjectId).id, (b as ObjectId).id);
    case rank.boolean:
    case rank.date:
      return Number(a) - Number(b);
    case rank.timestamp:
      return order((a as Timestamp).toBigInt(), (b as Timestamp).toBigInt());
    case rank.minKey:
    case rank.maxKey:
    case rank.null:
      return 0;
    default:
      return order(describe(a), describe(b));
  }
}

/** Returns a string that is equal for equal values of the rare types: regular expressions, code and references. */
export function describe(value: unknown): string {
  return value instanceof RegExp ? `${value.source}\0${value.flags}` : JSON.stringify(value);
}
