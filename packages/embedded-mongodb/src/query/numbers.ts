import { Decimal128, Double } from 'bson';
import type { BsonNumber } from '../bson/arithmetic.ts';
import { isView, put, typedDouble, type View } from '../bson/values.ts';

/**
 * A number of a typed view as an exact value.
 *
 * @returns undefined for anything else
 */
export function exactNumber(value: unknown): BsonNumber | undefined {
  if (typeof value === 'number') {
    return value === (value | 0) && !Object.is(value, -0) ? value : new Double(value);
  }
  if (typeof value === 'bigint') return value;
  return value instanceof Double || value instanceof Decimal128 ? value : undefined;
}

/** An exact number as a typed view holds it. */
export function typedNumber(value: BsonNumber): unknown {
  return value instanceof Double ? typedDouble(value.value) : value;
}

/** A number without its type, for operators that know only JavaScript's; others as they are. */
export function plainNumber(value: unknown): unknown {
  if (value instanceof Double) return value.value;
  return typeof value === 'bigint' || value instanceof Decimal128 ? Number(String(value)) : value;
}

/** The same for each member of an array or a document, which is what operators take. */
export function plainNumbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainNumber);
  if (!isView(value)) return plainNumber(value);
  const plain: View = {};
  for (const [key, item] of Object.entries(value)) put(plain, key, plainNumber(item));
  return plain;
}

/** Whether a value counts as true: all do but false, null, nothing and the zeros. */
export function isTrue(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  const number = exactNumber(value);
  return number === undefined || Number(String(number)) !== 0;
}
