import { Context } from 'mingo/core';
import * as accumulator from 'mingo/operators/accumulator';
import * as expression from 'mingo/operators/expression';
import * as pipeline from 'mingo/operators/pipeline';
import * as projection from 'mingo/operators/projection';
import * as query from 'mingo/operators/query';
import * as window from 'mingo/operators/window';
import type { CollectionResolver, Options } from 'mingo/types';
import { comparisonExpressions } from './comparison-expressions.ts';
import { exactPredicates } from './predicates.ts';
import { safeStages } from './stages.ts';

type Operators = NonNullable<Parameters<typeof Context.init>[0]>;

/**
 * The operators of one of mingo's modules, without what module loaders add to it.
 *
 * @param module its exports
 * @param ours operators that stand in for mingo's of the same name
 */
function operators<Kind extends keyof Operators>(
  module: object,
  ours: object = {},
): NonNullable<Operators[Kind]> {
  const named = Object.entries(module).filter(([name]) => name.startsWith('$'));
  return { ...Object.fromEntries(named), ...ours };
}

/**
 * mingo with the operators in which it differs from MongoDB replaced: comparisons follow BSON's
 * order, and no stage writes into the documents it is given.
 */
const context = Context.init({
  accumulator: operators<'accumulator'>(accumulator),
  expression: operators<'expression'>(expression, comparisonExpressions),
  pipeline: operators<'pipeline'>(pipeline, safeStages),
  projection: operators<'projection'>(projection),
  query: operators<'query'>(query, exactPredicates),
  window: operators<'window'>(window),
});

/**
 * Options for mingo's Query and Aggregator.
 *
 * @param collectionResolver finds the documents of another collection, for $lookup and $unionWith
 * @param variables the command's `let`
 */
export function engineOptions(
  collectionResolver?: CollectionResolver,
  variables?: Record<string, unknown>,
): Partial<Options> {
  return {
    context,
    scriptEnabled: false,
    ...(collectionResolver && { collectionResolver }),
    ...(variables && { variables }),
  };
}
