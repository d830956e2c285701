import { Decimal128, Double, ObjectId } from 'bson';
import { evalExpr } from 'mingo/core';
import { typedDouble } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { argumentsOf, type Expression, namedArguments } from './arguments.ts';
import { exactNumber, isTrue } from './numbers.ts';
import { typeName } from './types.ts';

type Convert = (value: unknown) => unknown;

function failed(value: unknown, to: string): MongoCommandError {
  return new MongoCommandError(
    241,
    `Unsupported conversion from ${typeName(value)} to ${to} in $convert with no onError value`,
  );
}

function unparsable(text: string, to: string): MongoCommandError {
  return new MongoCommandError(
    241,
    `Failed to parse number '${text}' in $convert with no onError value: cannot become ${to}`,
  );
}

/** Text of any number, date or boolean that may become a number. */
function numberText(value: unknown, to: string): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof Date && to !== 'int') return String(value.getTime());
  if (typeof value === 'string') {
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return value;
    throw unparsable(value, to);
  }
  const number = exactNumber(value);
  if (number === undefined) throw failed(value, to);
  return number instanceof Double ? String(number.value) : String(number);
}

function integer(value: unknown, to: 'int' | 'long', bits: number): bigint {
  const text = numberText(value, to);
  if (typeof value === 'string' && !/^[+-]?\d+$/.test(value)) throw unparsable(text, to);
  const exact = /^[+-]?\d+$/.test(text);
  const number = Math.trunc(Number(text));
  if (!Number.isFinite(number)) throw unparsable(text, to);
  const result = exact ? BigInt(text) : BigInt(number);
  if (BigInt.asIntN(bits, result) !== result) {
    throw new MongoCommandError(241, `Conversion would overflow target type in $convert: ${text}`);
  }
  return result;
}

function toText(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof ObjectId) return value.toHexString();
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  const number = exactNumber(value);
  if (number === undefined) throw failed(value, 'string');
  return number instanceof Double ? String(number.value) : String(number);
}

function toDate(value: unknown): unknown {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  const number =
    typeof value === 'number' && value === (value | 0) ? undefined : exactNumber(value);
  if (typeof value !== 'string' && number === undefined) throw failed(value, 'date');
  // A date without an offset is one of UTC, which JavaScript would take for local time.
  const text = typeof value === 'string' && /T[\d:.]+$/.test(value) ? `${value}Z` : value;
  const date = new Date(typeof text === 'string' ? text : Number(String(number)));
  if (!Number.isNaN(date.getTime())) return date;
  throw new MongoCommandError(241, `Error parsing date string '${String(value)}'`);
}

function toObjectId(value: unknown): unknown {
  if (value instanceof ObjectId) return value;
  if (typeof value === 'string' && /^[\da-f]{24}$/i.test(value)) return new ObjectId(value);
  throw typeof value === 'string'
    ? new MongoCommandError(241, `Failed to parse objectId '${value}' in $convert`)
    : failed(value, 'objectId');
}

const converters: Record<string, Convert> = {
  int: (value) => Number(integer(value, 'int', 32)),
  long: (value) => integer(value, 'long', 64),
  double: (value) => typedDouble(Number(numberText(value, 'double'))),
  decimal: (value) => Decimal128.fromStringWithRounding(numberText(value, 'decimal')),
  string: toText,
  bool: (value) => (exactNumber(value) === undefined ? value !== false : isTrue(value)),
  date: toDate,
  objectId: toObjectId,
};

const numbers: Record<number, string> = {
  1: 'double',
  2: 'string',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  16: 'int',
  18: 'long',
  19: 'decimal',
};

function converterTo(type: unknown): Convert {
  const name = typeof type === 'string' ? type : numbers[Number(String(type))];
  const found = name === undefined ? undefined : converters[name];
  if (found) return found;
  throw new MongoCommandError(2, `Unknown type name: ${String(type)}`);
}

const convert: Expression = (document, expression, options) => {
  const spec = namedArguments('$convert', expression);
  const input: unknown = evalExpr(document, spec.input, options);
  const to = converterTo(evalExpr(document, spec.to, options));
  if (input === null || input === undefined)
    return evalExpr(document, spec.onNull ?? null, options);
  try {
    return to(input);
  } catch (error) {
    if (!('onError' in spec)) throw error;
    return evalExpr(document, spec.onError, options);
  }
};

function operator(name: string): Expression {
  const to = converterTo(name);
  return (document, expression, options) => {
    const [value] = argumentsOf(document, expression, options);
    return value === null || value === undefined ? null : to(value);
  };
}

/** The expressions that make a value one of another type, or say which type it has. */
export const conversions: Record<string, Expression> = {
  $convert: convert,
  $toInt: operator('int'),
  $toLong: operator('long'),
  $toDouble: operator('double'),
  $toDecimal: operator('decimal'),
  $toString: operator('string'),
  $toBool: operator('bool'),
  $toDate: operator('date'),
  $toObjectId: operator('objectId'),
  $type: (document, expression, options) => typeName(argumentsOf(document, expression, options)[0]),
  $isNumber: (document, expression, options) =>
    exactNumber(argumentsOf(document, expression, options)[0]) !== undefined,
};
