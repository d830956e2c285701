import { Context, evalExpr, ProcessingMode } from 'mingo/core';
import * as accumulator from 'mingo/operators/accumulator';
import * as expression from 'mingo/operators/expression';
import * as pipeline from 'mingo/operators/pipeline';
import * as projection from 'mingo/operators/projection';
import * as query from 'mingo/operators/query';
import * as window from 'mingo/operators/window';
import type { CollectionResolver, Options } from 'mingo/types';
import { exactAccumulators } from './accumulators.ts';
import { exactExpressions } from './expressions.ts';
import { exactPredicates } from './predicates.ts';
import { safeStages } from './stages.ts';
import { systemVariables } from './variables.ts';

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
 * mingo with the operators in which it differs from MongoDB replaced: values keep their types and
 * compare in BSON's order, and no stage writes into the documents it is given.
 */
const replaced = {
  accumulator: operators<'accumulator'>(accumulator, exactAccumulators),
  expression: operators<'expression'>(expression, exactExpressions),
  pipeline: operators<'pipeline'>(pipeline, safeStages),
  projection: operators<'projection'>(projection),
  query: operators<'query'>(query, exactPredicates),
  window: operators<'window'>(window),
};
const context = Context.init(replaced);

/** Whether there is an operator of a name, and so whether a stage or an expression is one. */
export function isOperator(kind: 'expression' | 'pipeline' | 'accumulator', name: string): boolean {
  return Object.hasOwn(replaced[kind] ?? {}, name);
}

/** What a pipeline has beside the operators of all. */
export interface Surroundings {
  /** Finds the documents of another collection. */
  readonly resolver: CollectionResolver;
  /** Stages that know where they run. */
  readonly stages: object;
}

type OptionsClass = new (options: Partial<Options>, locals: { timestamp: number }) => Options;

/**
 * mingo's class of options, which it passes to operators but does not export. From plain options, mingo
 * would create an instance for each evaluation, each with its own `$$NOW` and a copy of every operator.
 */
const EngineOptions = ((): OptionsClass => {
  const $class = (_document: unknown, _argument: unknown, options: Options) => options.constructor;
  const operators = { expression: { $class } } as unknown as Operators;
  const probe = { context: Context.init(operators) } as Options;
  return evalExpr(null, { $class: null }, probe) as OptionsClass;
})();

/**
 * Options for mingo's Query and Aggregator.
 *
 * @param surroundings those of a pipeline
 * @param variables the command's variables. Its `NOW` is the time of the command
 */
export function engineOptions(
  surroundings?: Surroundings,
  variables: Record<string, unknown> = systemVariables(new Date()),
): Options {
  const { NOW: now } = variables;
  const timestamp = now instanceof Date ? now.getTime() : Date.now();
  return new EngineOptions(optionsWith(surroundings, variables), { timestamp });
}

function optionsWith(
  surroundings: Surroundings | undefined,
  variables: Record<string, unknown>,
): Partial<Options> {
  return {
    idKey: '_id',
    useStrictMode: true,
    failOnError: true,
    processingMode: ProcessingMode.CLONE_OFF,
    context: surroundings
      ? Context.init({
          ...replaced,
          pipeline: { ...replaced.pipeline, ...surroundings.stages } as typeof replaced.pipeline,
        })
      : context,
    // mingo's own window stages are written as functions; what a client sends never is one.
    scriptEnabled: true,
    ...(surroundings && { collectionResolver: surroundings.resolver }),
    variables,
  };
}
