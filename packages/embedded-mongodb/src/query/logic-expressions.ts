import { evalExpr } from 'mingo/core';
import { compare } from '../bson/compare.ts';
import { sortKey } from '../bson/sort-key.ts';
import { isView, put, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { different } from './accumulators.ts';
import { argumentsOf, type Expression, namedArguments } from './arguments.ts';
import { isTrue, plainNumber } from './numbers.ts';
import { typeName } from './types.ts';

const cond: Expression = (document, expression, options) => {
  const spec = Array.isArray(expression) ? undefined : namedArguments('$cond', expression);
  const [condition, yes, no]: unknown[] = spec
    ? [spec.if, spec.then, spec.else]
    : (expression as unknown[]);
  return evalExpr(document, isTrue(evalExpr(document, condition, options)) ? yes : no, options);
};

const choose: Expression = (document, expression, options) => {
  const spec = namedArguments('$switch', expression);
  const branches: unknown[] = Array.isArray(spec.branches) ? spec.branches : [];
  for (const branch of branches) {
    const { case: condition, then } = namedArguments('$switch', branch);
    if (isTrue(evalExpr(document, condition, options))) return evalExpr(document, then, options);
  }
  if ('default' in spec) return evalExpr(document, spec.default, options);
  throw new MongoCommandError(
    40066,
    '$switch could not find a matching branch for an input, and no default was specified.',
  );
};

/** The elements for which a condition holds, each under the name that the expression gives it. */
const filter: Expression = (document, expression, options) => {
  const spec = namedArguments('$filter', expression);
  const input: unknown = evalExpr(document, spec.input, options);
  if (input === null || input === undefined) return null;
  const items = arrayAmong('$filter', 28651, input);
  const limit: unknown = evalExpr(document, spec.limit ?? null, options);
  const most = limit === null ? items.length : Number(plainNumber(limit));
  const kept: unknown[] = [];
  for (const item of items) {
    if (kept.length >= most) break;
    const vars = { [String(spec.as ?? 'this')]: { $literal: item } };
    const holds = { $let: { vars, in: spec.cond } };
    if (isTrue(evalExpr(document, holds, options))) kept.push(item);
  }
  return kept;
};

function arrayAmong(name: string, code: number, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new MongoCommandError(code, `${name} requires an array, found: ${typeName(value)}`);
}

const isIn: Expression = (document, expression, options) => {
  const [value, array] = argumentsOf(document, expression, options);
  return arrayAmong('$in', 40081, array).some((item) => compare(item, value) === 0);
};

const indexOfArray: Expression = (document, expression, options) => {
  const [array, value, start, end] = argumentsOf(document, expression, options);
  if (array === null || array === undefined) return null;
  const items = arrayAmong('$indexOfArray', 40090, array);
  const from = Number(plainNumber(start ?? 0));
  const to = Number(plainNumber(end ?? items.length));
  return items.findIndex((item, at) => at >= from && at < to && compare(item, value) === 0);
};

type SetOperation = (sets: readonly Map<string, unknown>[]) => unknown;

/** A set's members in BSON's order, by what `===` on their keys holds to be equal. */
function members(array: unknown): Map<string, unknown> {
  const entries = (array as unknown[]).map((item) => [sortKey(item), item] as const);
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function onSets(name: string, apply: SetOperation, nullable = true): Expression {
  return (document, expression, options) => {
    const values = argumentsOf(document, expression, options);
    if (nullable && values.some((value) => value === null || value === undefined)) return null;
    for (const value of values) arrayAmong(name, 17043, value);
    return apply(values.map(members));
  };
}

/** Where a text occurs in another, counted in code points and not in UTF-16's units. */
const indexOfText: Expression = (document, expression, options) => {
  const [text, part, start, end] = argumentsOf(document, expression, options);
  if (text === null || text === undefined) return null;
  const points = [...String(text)];
  const from = Number(plainNumber(start ?? 0));
  const to = Number(plainNumber(end ?? points.length));
  const at = points.slice(from, to).join('').indexOf(String(part));
  if (at < 0) return -1;
  return from + [...points.slice(from, to).join('').slice(0, at)].length;
};

const arrayToObject: Expression = (document, expression, options) => {
  const [pairs] = argumentsOf(document, expression, options);
  if (pairs === null || pairs === undefined) return null;
  const result: View = {};
  for (const pair of arrayAmong('$arrayToObject', 40386, pairs)) {
    const [key, value]: unknown[] = isView(pair) ? [pair.k, pair.v] : (pair as unknown[]);
    if (typeof key !== 'string') {
      throw new MongoCommandError(40395, '$arrayToObject requires keys that are strings');
    }
    put(result, key, value);
  }
  return result;
};

/** The expressions that ask what is true, equal, or among others. */
export const logicExpressions: Record<string, Expression> = {
  $and: (document, expression, options) => argumentsOf(document, expression, options).every(isTrue),
  $or: (document, expression, options) => argumentsOf(document, expression, options).some(isTrue),
  $not: (document, expression, options) => !isTrue(argumentsOf(document, expression, options)[0]),
  $cond: cond,
  $switch: choose,
  $filter: filter,
  $in: isIn,
  $indexOfArray: indexOfArray,
  $indexOfCP: indexOfText,
  $arrayToObject: arrayToObject,
  $isArray: (document, expression, options) =>
    Array.isArray(argumentsOf(document, expression, options)[0]),
  $setUnion: onSets('$setUnion', (sets) => different(sets.flatMap((set) => [...set.values()]))),
  $setIntersection: onSets('$setIntersection', ([first, ...others]) =>
    [...(first ?? [])].filter(([key]) => others.every((set) => set.has(key))).map(([, v]) => v),
  ),
  $setDifference: onSets('$setDifference', ([first, second]) =>
    [...(first ?? [])].filter(([key]) => !second?.has(key)).map(([, value]) => value),
  ),
  $setIsSubset: onSets(
    '$setIsSubset',
    ([a, b]) => [...(a ?? [])].every(([key]) => b?.has(key)),
    false,
  ),
  $setEquals: onSets(
    '$setEquals',
    ([first, ...others]) =>
      others.every(
        (set) => set.size === first?.size && [...set.keys()].every((key) => first.has(key)),
      ),
    false,
  ),
  $objectToArray: (document, expression, options) => {
    const [value] = argumentsOf(document, expression, options);
    if (value === null || value === undefined) return null;
    if (!isView(value)) {
      throw new MongoCommandError(
        40390,
        `$objectToArray requires a document input, found: ${typeName(value)}`,
      );
    }
    return Object.entries(value).map(([k, v]) => ({ k, v }));
  },
};
