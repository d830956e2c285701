import { isNumber, product, sum, withinIntegers, zeroLike } from '../bson/arithmetic.ts';
import { compare } from '../bson/compare.ts';
import { existsAt, setAt, unsetAt, valueAt } from '../bson/paths.ts';
import { shellText } from '../bson/shell.ts';
import { type BsonDocument, type BsonValue, copyOf, toTyped, toView } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { typeName } from '../query/types.ts';
import { timestampOf } from '../query/variables.ts';

type Apply = (document: BsonDocument, parts: readonly string[], argument: BsonValue) => void;

function arithmetic(operator: string, apply: typeof sum, whenMissing: typeof zeroLike): Apply {
  return (document, parts, argument) => {
    const path = parts.join('.');
    if (!isNumber(argument)) {
      throw new MongoCommandError(
        14,
        `Cannot ${operator.slice(1)} with non-numeric argument: {${path}: ${shellText(toView(argument))}}`,
      );
    }
    const value = valueAt(document, parts);
    if (value === undefined && !existsAt(document, parts)) {
      setAt(document, parts, whenMissing(argument));
    } else if (isNumber(value)) {
      setAt(document, parts, apply(value, argument));
    } else {
      throw new MongoCommandError(
        14,
        `Cannot apply ${operator} to a value of non-numeric type. {_id: ${shellText(toView(document.get('_id')))}} has the field '${path}' of non-numeric type`,
      );
    }
  };
}

function extreme(wins: (order: number) => boolean): Apply {
  return (document, parts, argument) => {
    const better =
      !existsAt(document, parts) ||
      wins(compare(toView(argument), toView(valueAt(document, parts))));
    if (better) setAt(document, parts, copyOf(argument));
  };
}

const set: Apply = (document, parts, argument) => setAt(document, parts, copyOf(argument));

const rename: Apply = (document, parts, argument) => {
  if (typeof argument !== 'string') {
    throw new MongoCommandError(2, "The 'to' field for $rename must be a string");
  }
  if (!existsAt(document, parts)) return;
  const value = valueAt(document, parts);
  unsetAt(document, parts);
  setAt(document, argument.split('.'), value);
};

const currentDate: Apply = (document, parts, argument) => {
  const now = new Date();
  setAt(document, parts, dateType(argument) === 'timestamp' ? timestampOf(now) : now);
};

/** Returns the type that the argument of $currentDate selects. */
function dateType(argument: BsonValue): 'date' | 'timestamp' {
  if (typeof argument === 'boolean') return 'date';
  if (!(argument instanceof Map)) {
    throw new MongoCommandError(
      2,
      `${typeName(toTyped(argument))} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    );
  }
  for (const name of argument.keys()) {
    if (name !== '$type') {
      throw new MongoCommandError(2, `Unrecognized $currentDate option: ${name}`);
    }
  }
  const type = argument.get('$type');
  if (type === 'date' || type === 'timestamp') return type;
  throw new MongoCommandError(
    2,
    "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
  );
}

const bit: Apply = (document, parts, argument) => {
  if (!(argument instanceof Map)) throw new MongoCommandError(2, '$bit needs a document');
  for (const [operation, operand] of argument) {
    const value = valueAt(document, parts) ?? 0;
    if (!isInteger(value) || !isInteger(operand)) {
      throw new MongoCommandError(2, '$bit works on integers only');
    }
    const [a, b] = [BigInt(value), BigInt(operand)];
    const result = operation === 'and' ? a & b : operation === 'or' ? a | b : a ^ b;
    const wide = typeof value === 'bigint' || typeof operand === 'bigint';
    setAt(document, parts, wide ? result : Number(result));
  }
};

function isInteger(value: BsonValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** The update operators that change single fields. */
export const fieldOperators: Record<string, Apply> = {
  $set: set,
  $setOnInsert: set,
  $unset: (document, parts) => unsetAt(document, parts),
  $inc: arithmetic('$inc', withinIntegers(sum), (argument) => argument),
  $mul: arithmetic('$mul', withinIntegers(product), zeroLike),
  $min: extreme((order) => order < 0),
  $max: extreme((order) => order > 0),
  $rename: rename,
  $currentDate: currentDate,
  $bit: bit,
};
