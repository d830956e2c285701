import { evalExpr } from 'mingo/core';
import type { Any, Options } from 'mingo/types';
import { compare } from '../bson/compare.ts';
import { MongoCommandError } from '../errors.ts';

type Comparison = (document: Any, expression: Any, options: Options) => Any;

function comparison(name: string, answer: (order: number) => boolean | number): Comparison {
  return (document, expression, options) => {
    if (!Array.isArray(expression) || expression.length !== 2) {
      throw new MongoCommandError(16020, `Expression ${name} takes exactly 2 arguments.`);
    }
    const [left, right] = expression.map((side) => evalExpr(document, side, options));
    return answer(compareOrMissing(left, right));
  };
}

/** In expressions, unlike in queries, a missing value is below null. */
function compareOrMissing(left: unknown, right: unknown): number {
  if (left === undefined || right === undefined) {
    return Number(right === undefined) - Number(left === undefined) === 0
      ? 0
      : left === undefined
        ? -1
        : 1;
  }
  return compare(left, right);
}

/** The comparison operators of expressions, in BSON's order. */
export const comparisonExpressions = {
  $cmp: comparison('$cmp', Math.sign),
  $eq: comparison('$eq', (order) => order === 0),
  $ne: comparison('$ne', (order) => order !== 0),
  $gt: comparison('$gt', (order) => order > 0),
  $gte: comparison('$gte', (order) => order >= 0),
  $lt: comparison('$lt', (order) => order < 0),
  $lte: comparison('$lte', (order) => order <= 0),
};
