import { evalExpr } from 'mingo/core';
import type { Any, Options } from 'mingo/types';
import { isView, plainRegex, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { engineOptions } from './engine.ts';
import { isNear, nearby } from './geo.ts';
import { compileSchema } from './json-schema.ts';
import { isTrue } from './numbers.ts';
import { exactPredicates } from './predicates.ts';

export type Predicate = (view: View) => boolean;

/** The branches of $and, $or or $nor, compiled. */
function branchesOf(operator: string, argument: unknown, options: Options): Predicate[] {
  if (!Array.isArray(argument)) {
    throw new MongoCommandError(2, `${operator} must be an array`);
  }
  if (argument.length === 0) {
    throw new MongoCommandError(2, '$and/$or/$nor must be a nonempty array');
  }
  return argument.map((branch) => {
    if (isView(branch)) return compileWith(branch, options);
    throw new MongoCommandError(2, '$or/$and/$nor entries need to be full objects');
  });
}

function logical(name: string, argument: unknown, options: Options): Predicate {
  if (name === '$expr') {
    return (view) => isTrue(evalExpr(view, argument, options));
  }
  if (name === '$jsonSchema') return compileSchema(argument);
  const branches = branchesOf(name, argument, options);
  if (name === '$and') return (view) => branches.every((test) => test(view));
  const any: Predicate = (view) => branches.some((test) => test(view));
  return name === '$or' ? any : (view) => !any(view);
}

const connectives = new Set(['$and', '$or', '$nor', '$expr', '$jsonSchema']);

/** Compiles $regex and its $options. */
function patternOf(condition: View): RegExp {
  const { $regex: pattern, $options: options } = condition;
  if (pattern instanceof RegExp) {
    return options === undefined ? pattern : plainRegex(pattern.source, String(options));
  }
  if (typeof pattern !== 'string') throw new MongoCommandError(2, '$regex has to be a string');
  return plainRegex(pattern, String(options ?? ''));
}

function negation(path: string, argument: unknown, options: Options): Predicate {
  const isCondition =
    isView(argument) && Object.keys(argument).length > 0 && operatorsOf(argument) !== undefined;
  if (!isCondition && !(argument instanceof RegExp)) {
    throw new MongoCommandError(2, '$not needs a regex or a document');
  }
  const test = compilePath(path, argument, options);
  return (view) => !test(view);
}

/** The operators of a condition, or undefined for a document that is to be equal. */
function operatorsOf(condition: unknown): [string, unknown][] | undefined {
  if (!isView(condition)) return undefined;
  const entries = Object.entries(condition);
  const [first] = entries;
  // A reference to another document is a value, though its names begin like operators.
  const isReference = first !== undefined && /^\$(ref|id|db)$/.test(first[0]);
  return first?.[0].startsWith('$') && !isReference ? entries : undefined;
}

/** $near and its options. */
const nearNames = new Set(['$near', '$nearSphere', '$maxDistance', '$minDistance']);

function compilePath(path: string, condition: unknown, options: Options): Predicate {
  const operators = operatorsOf(condition);
  if (!operators) {
    const name = condition instanceof RegExp ? '$regex' : '$eq';
    return exactPredicates[name](path, condition, options);
  }
  const tests = operators.flatMap(([name, argument]): Predicate[] => {
    if (name === '$not') return [negation(path, argument, options)];
    if (name === '$regex') {
      return [exactPredicates.$regex(path, patternOf(condition as View), options)];
    }
    if (isNear(condition) && nearNames.has(name)) {
      return name.startsWith('$near') ? [nearby(path, condition)] : [];
    }
    if (name === '$options' && '$regex' in (condition as View)) return [];
    if (Object.hasOwn(exactPredicates, name)) {
      const operator = exactPredicates[name as keyof typeof exactPredicates];
      return [operator(path, argument, options)];
    }
    throw new MongoCommandError(2, `unknown operator: ${name}`);
  });
  const [only] = tests;
  return only && tests.length === 1 ? only : (view) => tests.every((test) => test(view));
}

/**
 * Compiles a query within another operator.
 *
 * @param filter its view
 * @param options mingo's, with the variables that are in scope
 */
export function compileWith(filter: View, options: Options): Predicate {
  const tests: Predicate[] = [];
  for (const [path, condition] of Object.entries(filter)) {
    if (path === '$comment') continue;
    if (connectives.has(path)) tests.push(logical(path, condition, options));
    else if (path.startsWith('$')) {
      throw new MongoCommandError(2, `unknown top level operator: ${path}.`);
    } else tests.push(compilePath(path, condition, options));
  }
  return (view) => tests.every((test) => test(view));
}

/**
 * Compiles a query.
 *
 * @param filter its view
 * @param variables the command's `let`, for $expr
 * @returns a test for documents' views
 * @throws MongoCommandError 2 for an unknown operator or a malformed one
 */
export function compileFilter(filter: View, variables?: View): Predicate {
  return compileWith(filter, engineOptions(undefined, variables) as Options);
}

/** A pipeline's $match. */
export function matching(filter: Any, options: Options): Predicate {
  if (isView(filter)) return compileWith(filter, options);
  throw new MongoCommandError(15959, 'the match filter must be an expression in an object');
}
