import { Decimal128, Double } from 'bson';
import type { BsonValue } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';

type BsonNumber = number | bigint | Double | Decimal128;

/** Whether an exact value is a number of any of BSON's four types. */
export function isNumber(value: BsonValue): value is BsonNumber {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof Double ||
    value instanceof Decimal128
  );
}

function integral(value: bigint, wide: boolean): number | bigint {
  if (!wide && BigInt.asIntN(32, value) === value) return Number(value);
  if (BigInt.asIntN(64, value) === value) return value;
  throw new MongoCommandError(2, 'Failed to apply an integer operation: it overflows int64');
}

function calculate(
  a: BsonNumber,
  b: BsonNumber,
  integers: (a: bigint, b: bigint) => bigint,
  doubles: (a: number, b: number) => number,
): BsonNumber {
  if (a instanceof Decimal128 || b instanceof Decimal128) {
    return Decimal128.fromString(String(doubles(Number(a.toString()), Number(b.toString()))));
  }
  if (a instanceof Double || b instanceof Double) {
    return new Double(doubles(Number(a.valueOf()), Number(b.valueOf())));
  }
  const wide = typeof a === 'bigint' || typeof b === 'bigint';
  return integral(integers(BigInt(a), BigInt(b)), wide);
}

/** The sum, in the wider of the two types; an int32 that overflows becomes an int64. */
export function sum(a: BsonNumber, b: BsonNumber): BsonNumber {
  return calculate(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x + y,
  );
}

/** The product, in the wider of the two types. */
export function product(a: BsonNumber, b: BsonNumber): BsonNumber {
  return calculate(
    a,
    b,
    (x, y) => x * y,
    (x, y) => x * y,
  );
}

/** Zero in the type of another number. */
export function zeroLike(value: BsonNumber): BsonNumber {
  if (value instanceof Double) return new Double(0);
  if (value instanceof Decimal128) return Decimal128.fromString('0');
  return typeof value === 'bigint' ? 0n : 0;
}
