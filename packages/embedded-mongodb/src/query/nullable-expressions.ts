import { ObjectId } from 'bson';
import { evalExpr } from 'mingo/core';
import * as mingo from 'mingo/operators/expression';
import type { Any } from 'mingo/types';
import { isView, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { argumentsOf, type Expression } from './arguments.ts';
import { plainNumbers } from './numbers.ts';
import { typeName } from './types.ts';

const isNil = (value: unknown) => value === null || value === undefined;

/** A date, or what holds the moment it was made. */
function moment(value: unknown): unknown {
  return value instanceof ObjectId ? value.getTimestamp() : value;
}

/** mingo's part of a date; of no date it is null, where mingo fails. */
function partOf(operator: Expression): Expression {
  return (document, expression, options) => {
    const named = isView(expression) && Object.hasOwn(expression, 'date');
    const spec = (named ? expression : { date: expression }) as View;
    const [date] = argumentsOf(document, spec.date as Any, options);
    if (isNil(date)) return null;
    if ('timezone' in spec) {
      const timezone: unknown = evalExpr(document, spec.timezone as Any, options);
      if (isNil(timezone)) return null;
      const zoned = { date: { $literal: moment(date) }, timezone: { $literal: timezone } };
      return operator(document, zoned, options);
    }
    return operator(document, { $literal: moment(date) }, options);
  };
}

const dateParts = [
  ...['$year', '$month', '$dayOfMonth', '$dayOfWeek', '$dayOfYear', '$hour', '$minute'],
  ...['$second', '$millisecond', '$week', '$isoWeek', '$isoWeekYear', '$isoDayOfWeek'],
];

/** mingo's operator on dates that are named; without one of them, or of null, it is null. */
function ofDates(operator: Expression, names: readonly string[]): Expression {
  return (document, expression, options) => {
    const spec: View = isView(expression) ? { ...expression } : {};
    for (const name of Object.keys(spec)) {
      const value: unknown = evalExpr(document, spec[name] as Any, options);
      if (names.includes(name) && isNil(value)) return null;
      spec[name] = { $literal: moment(plainNumbers(value)) };
    }
    return operator(document, spec, options);
  };
}

const datesOf: Record<string, readonly string[]> = {
  $dateAdd: ['startDate', 'unit', 'amount'],
  $dateSubtract: ['startDate', 'unit', 'amount'],
  $dateDiff: ['startDate', 'endDate', 'unit'],
  $dateToParts: ['date'],
  $dateTrunc: ['date', 'unit'],
};

/** The first or the last element; an array in it stays one. */
function endOf(name: string, code: number, at: number): Expression {
  return (document, expression, options) => {
    const [array] = argumentsOf(document, expression, options);
    if (isNil(array)) return null;
    if (Array.isArray(array)) return array.at(at);
    throw new MongoCommandError(
      code,
      `${name}'s argument must be an array, but is ${typeName(array)}`,
    );
  };
}

const slice: Expression = (document, expression, options) => {
  const values = argumentsOf(document, expression, options);
  if (values.some(isNil)) return null;
  const [array, ...counts] = values;
  if (!Array.isArray(array)) {
    throw new MongoCommandError(
      28724,
      `First argument to $slice must be an array, but is of type: ${typeName(array)}`,
    );
  }
  const [first = 0, length] = counts.map((count) => Number(plainNumbers(count)));
  if (length === undefined) return first < 0 ? array.slice(first) : array.slice(0, first);
  if (!(length > 0)) {
    throw new MongoCommandError(28729, `Third argument to $slice must be positive: ${length}`);
  }
  const from = first < 0 ? Math.max(array.length + first, 0) : first;
  return array.slice(from, from + length);
};

/** A part of a text by its bytes; whatever is no text is taken as the text that it is written as. */
const substring: Expression = (document, expression, options) => {
  const [text, start, length] = argumentsOf(document, expression, options);
  if (isNil(text)) return '';
  const bytes = Buffer.from(text instanceof Date ? text.toISOString() : String(plainNumbers(text)));
  const [from, count] = [Number(plainNumbers(start)), Number(plainNumbers(length))];
  if (from < 0) {
    throw new MongoCommandError(50752, '$substrBytes: starting index must be non-negative');
  }
  const to = count < 0 ? bytes.length : Math.min(from + count, bytes.length);
  const isInside = (at: number) => ((bytes[at] ?? 0) & 0xc0) === 0x80;
  if (isInside(from) || isInside(to)) {
    throw new MongoCommandError(
      28656,
      '$substrBytes: Invalid range, begins or ends in a character',
    );
  }
  return bytes.toString('utf8', from, to);
};

const known: Record<string, unknown> = { ...mingo };

/** Expressions that are null where an argument is null or missing, and not a failure. */
export const nullableExpressions: Record<string, Expression> = {
  ...Object.fromEntries(dateParts.map((name) => [name, partOf(known[name] as Expression)])),
  ...Object.fromEntries(
    Object.entries(datesOf).map(([name, dates]) => [
      name,
      ofDates(known[name] as Expression, dates),
    ]),
  ),
  $first: endOf('$first', 28689, 0),
  $last: endOf('$last', 28689, -1),
  $slice: slice,
  $substr: substring,
  $substrBytes: substring,
};
