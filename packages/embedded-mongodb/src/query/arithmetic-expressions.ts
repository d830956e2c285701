import { Decimal128, Double } from 'bson';
import { type BsonNumber, product, quotient, remainder, sum } from '../bson/arithmetic.ts';
import { decimalOf, roundDecimal, toDecimal128 } from '../bson/decimal.ts';
import { typedDouble } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { argumentsOf, type Expression } from './arguments.ts';
import { exactNumber, typedNumber } from './numbers.ts';
import { typeName } from './types.ts';

type Rounding = 'nearest' | 'zero' | 'up' | 'down';

/** Any null among the arguments makes the result null. */
function hasNull(values: readonly unknown[]): boolean {
  return values.some((value) => value === null || value === undefined);
}

function numberAmong(name: string, code: number, value: unknown): BsonNumber {
  const number = exactNumber(value);
  if (number !== undefined) return number;
  throw new MongoCommandError(code, `${name} only supports numeric types, not ${typeName(value)}`);
}

function exactly(name: string, count: number, values: readonly unknown[]): void {
  if (values.length === count) return;
  throw new MongoCommandError(
    16020,
    `Expression ${name} takes exactly ${count} arguments. ${values.length} were passed in.`,
  );
}

const add: Expression = (document, expression, options) => {
  const values = argumentsOf(document, expression, options);
  if (hasNull(values)) return null;
  const date = values.find((value) => value instanceof Date);
  const numbers = values.filter((value) => value !== date);
  if (numbers.some((value) => value instanceof Date)) {
    throw new MongoCommandError(16612, 'only one date allowed in an $add expression');
  }
  const total = numbers
    .map((value) => numberAmong('$add', 14, value))
    .reduce((a, b) => sum(a, b), 0);
  if (!date) return typedNumber(total);
  return new Date(date.getTime() + Math.round(Number(String(total))));
};

const subtract: Expression = (document, expression, options) => {
  const values = argumentsOf(document, expression, options);
  exactly('$subtract', 2, values);
  if (hasNull(values)) return null;
  const [left, right] = values;
  if (left instanceof Date && right instanceof Date) {
    return BigInt(left.getTime() - right.getTime());
  }
  const taken = numberAmong('$subtract', 14, right);
  if (left instanceof Date) return new Date(left.getTime() - Math.round(Number(String(taken))));
  return typedNumber(sum(numberAmong('$subtract', 14, left), product(taken, -1)));
};

const multiply: Expression = (document, expression, options) => {
  const values = argumentsOf(document, expression, options);
  if (hasNull(values)) return null;
  const numbers = values.map((value) => numberAmong('$multiply', 14, value));
  return typedNumber(numbers.reduce((a, b) => product(a, b), 1));
};

function division(name: string, code: number, zero: number, apply: typeof quotient): Expression {
  return (document, expression, options) => {
    const values = argumentsOf(document, expression, options);
    exactly(name, 2, values);
    if (hasNull(values)) return null;
    const [a, b] = [numberAmong(name, code, values[0]), numberAmong(name, code, values[1])];
    if (Number(String(b)) === 0)
      throw new MongoCommandError(zero, `can't ${name.slice(1)} by zero`);
    return typedNumber(apply(a, b));
  };
}

function round(value: BsonNumber, places: number, mode: Rounding): unknown {
  const integral = typeof value === 'number' || typeof value === 'bigint';
  if (integral && places >= 0) return value;
  const decimal = decimalOf(value instanceof Double ? String(value.value) : value.toString());
  if (!decimal) return typedNumber(value);
  const rounded = toDecimal128(roundDecimal(decimal, -places, mode));
  if (value instanceof Decimal128) return rounded;
  const number = Number(rounded.toString());
  if (typeof value === 'bigint') return BigInt(number);
  return integral ? number : typedDouble(number);
}

function rounding(name: string, mode: Rounding): Expression {
  return (document, expression, options) => {
    const values = argumentsOf(document, expression, options);
    if (hasNull(values)) return null;
    const [value, places = 0] = values;
    return round(numberAmong(name, 51081, value), Number(String(places)), mode);
  };
}

const abs: Expression = (document, expression, options) => {
  const [value] = argumentsOf(document, expression, options);
  if (value === null || value === undefined) return null;
  const number = numberAmong('$abs', 28765, value);
  return typedNumber(Number(String(number)) < 0 ? product(number, -1) : number);
};

/** A function of one number whose result is a double. */
function real(name: string, code: number, apply: (value: number) => number): Expression {
  return (document, expression, options) => {
    const [value] = argumentsOf(document, expression, options);
    if (value === null || value === undefined) return null;
    const number = numberAmong(name, 28765, value);
    const result = apply(Number(String(number)));
    if (Number.isNaN(result) && !Number.isNaN(Number(String(number)))) {
      throw new MongoCommandError(code, `${name}'s argument is out of its range`);
    }
    return number instanceof Decimal128
      ? Decimal128.fromString(String(result))
      : typedDouble(result);
  };
}

const pow: Expression = (document, expression, options) => {
  const values = argumentsOf(document, expression, options);
  exactly('$pow', 2, values);
  if (hasNull(values)) return null;
  const base = numberAmong('$pow', 28762, values[0]);
  const exponent = numberAmong('$pow', 28763, values[1]);
  const result = Number(String(base)) ** Number(String(exponent));
  if (base instanceof Decimal128 || exponent instanceof Decimal128) {
    return Decimal128.fromString(String(result));
  }
  const integral = !(base instanceof Double || exponent instanceof Double);
  if (!integral || !Number.isSafeInteger(result)) return typedDouble(result);
  const wide = typeof base === 'bigint' || typeof exponent === 'bigint' || result !== (result | 0);
  return wide ? BigInt(result) : result;
};

/** MongoDB's arithmetic: a result has the widest type among its arguments. */
export const arithmeticExpressions: Record<string, Expression> = {
  $add: add,
  $subtract: subtract,
  $multiply: multiply,
  $divide: division('$divide', 14, 2, quotient),
  $mod: division('$mod', 16611, 16610, remainder),
  $round: rounding('$round', 'nearest'),
  $trunc: rounding('$trunc', 'zero'),
  $ceil: rounding('$ceil', 'up'),
  $floor: rounding('$floor', 'down'),
  $abs: abs,
  $pow: pow,
  $sqrt: real('$sqrt', 28714, Math.sqrt),
  $exp: real('$exp', 28765, Math.exp),
  $ln: real('$ln', 28766, Math.log),
  $log10: real('$log10', 28761, Math.log10),
};
