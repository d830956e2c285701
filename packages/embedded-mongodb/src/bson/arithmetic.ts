import { Decimal128, Double } from 'bson';
import { MongoCommandError } from '../errors.ts';
import {
  addDecimals,
  type Decimal,
  decimalOf,
  divideDecimals,
  multiplyDecimals,
  remainderOf,
  toDecimal128,
} from './decimal.ts';
import type { BsonValue } from './values.ts';

/** An exact value that is a number. */
export type BsonNumber = number | bigint | Double | Decimal128;

/** Whether an exact value is a number of any of BSON's four numeric types. */
export function isNumber(value: BsonValue): value is BsonNumber {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof Double ||
    value instanceof Decimal128
  );
}

interface Operation {
  readonly integers: (a: bigint, b: bigint) => bigint;
  readonly doubles: (a: number, b: number) => number;
  readonly decimals: (a: Decimal, b: Decimal) => Decimal;
}

/** Converts a number to a decimal. A double is rounded to 15 significant digits, as in MongoDB. */
function decimalText(value: BsonNumber): string {
  return value instanceof Double ? String(Number(value.value.toPrecision(15))) : value.toString();
}

function decimalResult(a: BsonNumber, b: BsonNumber, operation: Operation): Decimal128 {
  const [x, y] = [decimalText(a), decimalText(b)];
  const [left, right] = [decimalOf(x), decimalOf(y)];
  if (left && right) return toDecimal128(operation.decimals(left, right));
  return Decimal128.fromString(String(operation.doubles(Number(x), Number(y))));
}

function calculate(a: BsonNumber, b: BsonNumber, operation: Operation): BsonNumber {
  if (a instanceof Decimal128 || b instanceof Decimal128) return decimalResult(a, b, operation);
  if (a instanceof Double || b instanceof Double) {
    return new Double(operation.doubles(Number(a.valueOf()), Number(b.valueOf())));
  }
  const result = operation.integers(BigInt(a), BigInt(b));
  const wide = typeof a === 'bigint' || typeof b === 'bigint';
  if (!wide && BigInt.asIntN(32, result) === result) return Number(result);
  if (BigInt.asIntN(64, result) === result) return result;
  return new Double(operation.doubles(Number(a), Number(b)));
}

const addition: Operation = {
  integers: (a, b) => a + b,
  doubles: (a, b) => a + b,
  decimals: addDecimals,
};
const multiplication: Operation = {
  integers: (a, b) => a * b,
  doubles: (a, b) => a * b,
  decimals: multiplyDecimals,
};
const modulo: Operation = {
  integers: (a, b) => a % b,
  doubles: (a, b) => a % b,
  decimals: remainderOf,
};

/** Returns the sum, in the wider of the two types. A sum beyond int64 becomes a double. */
export function sum(a: BsonNumber, b: BsonNumber): BsonNumber {
  return calculate(a, b, addition);
}

/** Returns the product, in the wider of the two types. */
export function product(a: BsonNumber, b: BsonNumber): BsonNumber {
  return calculate(a, b, multiplication);
}

/** Returns the remainder of a division, in the wider of the two types. `b` must not be zero. */
export function remainder(a: BsonNumber, b: BsonNumber): BsonNumber {
  return calculate(a, b, modulo);
}

/** Returns the quotient: a decimal if either number is one, otherwise a double. `b` must not be zero. */
export function quotient(a: BsonNumber, b: BsonNumber): BsonNumber {
  if (!(a instanceof Decimal128 || b instanceof Decimal128)) {
    return new Double(Number(a.valueOf()) / Number(b.valueOf()));
  }
  return decimalResult(a, b, { ...addition, doubles: (x, y) => x / y, decimals: divideDecimals });
}

/**
 * Wraps `sum` or `product` so that two integers have an integer result.
 *
 * @throws MongoCommandError 2 if the result of two integers exceeds int64
 */
export function withinIntegers(apply: typeof sum): typeof sum {
  return (a, b) => {
    const result = apply(a, b);
    if (result instanceof Double && !(a instanceof Double || b instanceof Double)) {
      throw new MongoCommandError(2, 'Failed to apply an integer operation: it overflows int64');
    }
    return result;
  };
}

/** Returns zero in the type of another number. */
export function zeroLike(value: BsonNumber): BsonNumber {
  if (value instanceof Double) return new Double(0);
  if (value instanceof Decimal128) return Decimal128.fromString('0');
  return typeof value === 'bigint' ? 0n : 0;
}
