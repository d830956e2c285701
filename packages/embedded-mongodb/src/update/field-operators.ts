import { Timestamp } from 'bson';
import { isNumber, product, sum, withinIntegers, zeroLike } from '../bson/arithmetic.ts';
import { compare } from '../bson/compare.ts';
import { existsAt, setAt, unsetAt, valueAt } from '../bson/paths.ts';
import { shellText } from '../bson/shell.ts';
import { type BsonDocument, type BsonValue, copyOf, toView } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';

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
  const type = argument instanceof Map ? argument.get('$type') : 'date';
  const now = new Date();
  const stamp = () => new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 });
  setAt(document, parts, type === 'timestamp' ? stamp() : now);
};

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
