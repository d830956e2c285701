import { evalExpr } from 'mingo/core';
import type { Any, Options } from 'mingo/types';
import { isView, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';

export type Expression = (document: Any, expression: Any, options: Options) => Any;
/** The evaluated arguments of an operator; one that is given alone counts as a list of one. */
export function argumentsOf(document: Any, expression: Any, options: Options): unknown[] {
  if (!Array.isArray(expression)) return [evalExpr(document, expression, options)];
  return expression.map((item) => evalExpr(document, item, options));
}

/**
 * The arguments of an operator that takes them by name, not evaluated.
 *
 * @throws MongoCommandError 9 if the argument is not a document
 */
export function namedArguments(operator: string, expression: Any): View {
  if (isView(expression)) return expression;
  throw new MongoCommandError(9, `${operator} only supports an object as its argument`);
}
