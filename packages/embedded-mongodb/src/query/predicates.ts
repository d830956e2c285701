import type { Any, Options } from 'mingo/types';
import { compare, numeric, rank, rankOf } from '../bson/compare.ts';
import { sortKey } from '../bson/sort-key.ts';
import { isView, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { reach, reachEach } from '../storage/paths.ts';
import { bitTest } from './bits.ts';
import { compileWith } from './filter.ts';
import { intersecting, within } from './geo.ts';
import { typeTest } from './types.ts';

type Test = (value: unknown) => boolean;
type Operator = (selector: string, argument: Any, options: Options) => (document: Any) => boolean;

/** An operator that an array satisfies itself or by one of its elements. */
function onEach(build: (argument: unknown) => Test): Operator {
  return (selector, argument) => {
    const [parts, test] = [selector.split('.'), build(argument)];
    return (document) => reachEach(document as View, parts, test);
  };
}

/** An operator that sees an array as one value. */
function onWhole(build: (argument: unknown, options: Options) => Test): Operator {
  return (selector, argument, options) => {
    const [parts, test] = [selector.split('.'), build(argument, options)];
    return (document) => reach(document, parts, test);
  };
}

function negated(operator: Operator): Operator {
  return (selector, argument, options) => {
    const holds = operator(selector, argument, options);
    return (document) => !holds(document);
  };
}

function equals(argument: unknown): Test {
  if (argument === null || argument === undefined) return (value) => value == null;
  if (typeof argument === 'string' || typeof argument === 'boolean') {
    return (value) => value === argument;
  }
  return (value) => value !== undefined && compare(value, argument) === 0;
}

/** Values of one type are compared; MinKey and MaxKey are beyond those of every type. */
function ordered(accept: (order: number) => boolean): Operator {
  return onEach((argument) => {
    const kind = rankOf(argument);
    if (kind === rank.minKey || kind === rank.maxKey) {
      return (value) => value !== undefined && accept(compare(value, argument));
    }
    if (Number.isNaN(argument)) return (value) => Number.isNaN(value) && accept(0);
    return (value) =>
      rankOf(value) === kind && !Number.isNaN(value) && accept(compare(value, argument));
  });
}

function isOneOf(argument: unknown): Test {
  if (!Array.isArray(argument)) throw new MongoCommandError(2, '$in needs an array');
  const keys = new Set(argument.map((item) => sortKey(item)));
  const patterns = argument.filter((item) => item instanceof RegExp);
  return (value) =>
    keys.has(sortKey(value)) || patterns.some((pattern) => matchesPattern(value, pattern));
}

function matchesPattern(value: unknown, pattern: RegExp): boolean {
  if (typeof value === 'string') return pattern.test(value);
  return value instanceof RegExp && String(value) === String(pattern);
}

function elementTest(criteria: unknown, options: Options): Test {
  if (!isView(criteria)) throw new MongoCommandError(2, '$elemMatch needs an Object');
  const names = Object.keys(criteria);
  const logical = new Set(['$and', '$or', '$nor', '$expr']);
  if (names.length > 0 && names.every((name) => name.startsWith('$') && !logical.has(name))) {
    const matches = compileWith({ element: criteria }, options);
    return (element) => matches({ element });
  }
  const matches = compileWith(criteria, options);
  return (element) => (isView(element) || Array.isArray(element)) && matches(element as View);
}

function someElement(criteria: unknown, options: Options): Test {
  const test = elementTest(criteria, options);
  return (value) => Array.isArray(value) && value.some(test);
}

const equality = onEach(equals);
const membership = onEach(isOneOf);
const elementMatch = onWhole(someElement);
const pattern = onEach((argument) => (value) => matchesPattern(value, argument as RegExp));

/** Every item by itself: what the path leads to through arrays need not be one array. */
const all: Operator = (selector, argument, options) => {
  if (!Array.isArray(argument)) throw new MongoCommandError(2, '$all needs an array');
  const tests = argument.map((item: unknown) => {
    if (isView(item) && '$elemMatch' in item) {
      return elementMatch(selector, item.$elemMatch as Any, options);
    }
    return (item instanceof RegExp ? pattern : equality)(selector, item as Any, options);
  });
  return (document) => tests.length > 0 && tests.every((test) => test(document));
};

/** MongoDB's query operators on values, over plain views and in BSON's order. */
export const exactPredicates = {
  $eq: equality,
  $ne: negated(equality),
  $gt: ordered((order) => order > 0),
  $gte: ordered((order) => order >= 0),
  $lt: ordered((order) => order < 0),
  $lte: ordered((order) => order <= 0),
  $in: membership,
  $nin: negated(membership),
  $exists: ((selector, argument, options) => {
    const present = onWhole(() => (value) => value !== undefined)(selector, argument, options);
    return argument ? present : (document) => !present(document);
  }) satisfies Operator,
  $type: onEach((argument) => {
    const names: unknown[] = Array.isArray(argument) ? argument : [argument];
    const types = names.map(typeTest);
    return (value) => types.some((test) => test(value));
  }),
  $size: onWhole(
    (argument) => (value) => Array.isArray(value) && value.length === Number(argument),
  ),
  $all: all,
  $elemMatch: elementMatch,
  $geoWithin: onWhole(within),
  $within: onWhole(within),
  $geoIntersects: onWhole(intersecting),
  $regex: pattern,
  $bitsAllSet: onEach((argument) => bitTest(argument, (bits, mask) => bits === mask)),
  $bitsAnySet: onEach((argument) => bitTest(argument, (bits) => bits !== 0n)),
  $bitsAllClear: onEach((argument) => bitTest(argument, (bits) => bits === 0n)),
  $bitsAnyClear: onEach((argument) => bitTest(argument, (bits, mask) => bits !== mask)),
  $mod: onEach((argument) => {
    if (!Array.isArray(argument) || argument.length !== 2 || !Math.trunc(numeric(argument[0]))) {
      throw new MongoCommandError(2, 'malformed mod, needs a divisor and a remainder');
    }
    const [divisor, remainder] = argument.map((item) => Math.trunc(numeric(item)));
    return (value) =>
      rankOf(value) === rank.number && Math.trunc(numeric(value)) % (divisor ?? 1) === remainder;
  }),
};
