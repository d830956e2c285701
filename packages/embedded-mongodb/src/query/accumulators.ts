import { evalExpr } from 'mingo/core';
import type { Any, Options } from 'mingo/types';
import { type BsonNumber, quotient, sum } from '../bson/arithmetic.ts';
import { compare } from '../bson/compare.ts';
import { sortKey } from '../bson/sort-key.ts';
import { put, type View } from '../bson/values.ts';
import { argumentsOf, type Expression, namedArguments } from './arguments.ts';
import { exactNumber, plainNumber, typedNumber } from './numbers.ts';
import { sorted } from './sort.ts';

type Accumulator = (documents: Any[], expression: Any, options: Options) => Any;
type Fold = (values: readonly unknown[]) => unknown;

/** An accumulator of the values that an expression has over a group. */
function over(fold: Fold): Accumulator {
  return (documents, expression, options) =>
    fold(documents.map((document) => evalExpr(document, expression, options)));
}

function numbersIn(values: readonly unknown[]): BsonNumber[] {
  return values.map(exactNumber).filter((value) => value !== undefined);
}

function total(values: readonly unknown[]): BsonNumber {
  return numbersIn(values).reduce((a, b) => sum(a, b), 0);
}

const folds: Record<string, Fold> = {
  $sum: (values) => typedNumber(total(values)),
  $avg: (values) => {
    const { length } = numbersIn(values);
    return length === 0 ? null : typedNumber(quotient(total(values), length));
  },
  $min: (values) => extreme(values, -1),
  $max: (values) => extreme(values, 1),
};

function extreme(values: readonly unknown[], direction: 1 | -1): unknown {
  let best: unknown = null;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    if (best === null || compare(value, best) * direction > 0) best = value;
  }
  return best;
}

/** Each different value once, by BSON's equality. */
export function different(values: readonly unknown[]): unknown[] {
  const found = new Map<string, unknown>();
  for (const value of values) {
    if (value === undefined) continue;
    const key = sortKey(value);
    if (!found.has(key)) found.set(key, value);
  }
  return [...found.values()];
}

/** As an expression it takes several values, or one array of them. */
function inExpressions(fold: Fold): Expression {
  return (document, expression, options) => {
    const values = argumentsOf(document, expression, options);
    const [only] = values;
    return fold(values.length === 1 && Array.isArray(only) ? only : values);
  };
}

function each<T>(make: (fold: Fold) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(folds).map(([name, fold]) => [name, make(fold)]));
}

function merged(values: readonly unknown[]): View {
  const result: View = {};
  for (const value of values) {
    if (value === null || value === undefined) continue;
    for (const [key, item] of Object.entries(value)) put(result, key, item);
  }
  return result;
}

/** The outputs of a group's first or last documents in an order of their own. */
function ranked(end: 'top' | 'bottom', isList: boolean): Accumulator {
  return (documents, expression, options) => {
    const spec = namedArguments(`$${end}`, expression);
    const n = isList ? Number(plainNumber(evalExpr({}, spec.n, options))) : 1;
    const order = namedArguments('sortBy', spec.sortBy);
    const inOrder = sorted(documents as View[], order, (item) => item);
    const chosen = end === 'top' ? inOrder.slice(0, n) : inOrder.slice(-n);
    const outputs = chosen.map((item) => evalExpr(item, spec.output, options) ?? null);
    return isList ? outputs : outputs[0];
  };
}

/** MongoDB's accumulators, over typed views. */
export const exactAccumulators: Record<string, Accumulator> = {
  ...each(over),
  $mergeObjects: over(merged),
  $top: ranked('top', false),
  $topN: ranked('top', true),
  $bottom: ranked('bottom', false),
  $bottomN: ranked('bottom', true),
  $addToSet: over(different),
  $push: over((values) => values.filter((value) => value !== undefined)),
};

/** Those of them that are expressions too. */
export const foldingExpressions: Record<string, Expression> = each(inExpressions);
