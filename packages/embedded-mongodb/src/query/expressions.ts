import { evalExpr } from 'mingo/core';
import * as mingo from 'mingo/operators/expression';
import type { Any } from 'mingo/types';
import { isView, type View } from '../bson/values.ts';
import { foldingExpressions } from './accumulators.ts';
import type { Expression } from './arguments.ts';
import { arithmeticExpressions } from './arithmetic-expressions.ts';
import { comparisonExpressions } from './comparison-expressions.ts';
import { conversions } from './conversions.ts';
import { logicExpressions } from './logic-expressions.ts';
import { nullableExpressions } from './nullable-expressions.ts';
import { plainNumbers } from './numbers.ts';

/** Arguments that are evaluated already, as an expression that stays what it is. */
function literals(value: unknown): Any {
  if (Array.isArray(value)) return value.map((item) => ({ $literal: item }));
  if (!isView(value)) return { $literal: value };
  const entries = Object.entries(value).map(([key, item]) => [key, { $literal: item }] as const);
  return Object.fromEntries(entries);
}

/** mingo's operator, told plain numbers: it knows no others. */
function withPlainNumbers(operator: Expression): Expression {
  return (document, expression, options) =>
    operator(document, literals(plainNumbers(evaluated(document, expression, options))), options);
}

/** The arguments by position or by name; a single one that is an operator's is evaluated whole. */
function evaluated(document: Any, expression: Any, options: Parameters<Expression>[2]): unknown {
  if (Array.isArray(expression)) return expression.map((item) => evalExpr(document, item, options));
  const named = isView(expression) && !Object.keys(expression).some((key) => key.startsWith('$'));
  if (!named) return evalExpr(document, expression, options);
  const values: View = {};
  for (const [key, item] of Object.entries(expression as View)) {
    values[key] = evalExpr(document, item, options);
  }
  return values;
}

const numeric = [
  '$arrayElemAt',
  '$range',
  '$substrCP',
  '$indexOfBytes',
  '$indexOfCP',
  '$dateFromParts',
  '$log',
  '$sin',
  '$cos',
  '$tan',
  '$asin',
  '$acos',
  '$atan',
  '$atan2',
  '$degreesToRadians',
  '$radiansToDegrees',
];

const named: Record<string, unknown> = { ...mingo };
const plain = numeric.flatMap((name) => {
  const operator = named[name];
  return typeof operator === 'function'
    ? [[name, withPlainNumbers(operator as Expression)] as const]
    : [];
});

/** The expressions that stand in for mingo's: with BSON's types, its order and its truth. */
export const exactExpressions: Record<string, Expression> = {
  ...Object.fromEntries(plain),
  ...nullableExpressions,
  ...comparisonExpressions,
  ...arithmeticExpressions,
  ...foldingExpressions,
  ...logicExpressions,
  ...conversions,
};
