import { compare, numeric, rank, rankOf } from '../bson/compare.ts';
import { isView, plainRegex, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { different } from './accumulators.ts';
import { typeTest } from './types.ts';

type Test = (value: unknown) => boolean;
type Keyword = (argument: unknown, schema: View) => Test;

/** JSON's names of types, where BSON's differ. */
const jsonTypes: Record<string, string> = { boolean: 'bool' };

function listOf(argument: unknown, keyword: string): unknown[] {
  if (Array.isArray(argument)) return argument;
  throw new MongoCommandError(14, `$jsonSchema keyword '${keyword}' must be an array`);
}

function documentOf(argument: unknown, keyword: string): View {
  if (isView(argument)) return argument;
  throw new MongoCommandError(14, `$jsonSchema keyword '${keyword}' must be an object`);
}

function ofTypes(argument: unknown): Test {
  const names: unknown[] = Array.isArray(argument) ? argument : [argument];
  const tests = names.map((name) => typeTest(jsonTypes[String(name)] ?? name));
  return (value) => tests.some((test) => test(value));
}

/** A keyword that says something of one kind of value, and nothing of others. */
function on<T>(
  isMeant: (value: unknown) => value is T,
  holds: (value: T, argument: unknown) => boolean,
): Keyword {
  return (argument) => (value) => !isMeant(value) || holds(value, argument);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isArray = (value: unknown): value is unknown[] => Array.isArray(value);
const isNumeric = (value: unknown): value is unknown => rankOf(value) === rank.number;

function properties(argument: unknown): Test {
  const tests = Object.entries(documentOf(argument, 'properties')).map(
    ([name, schema]) => [name, compileSchema(schema)] as const,
  );
  return (value) =>
    !isView(value) ||
    tests.every(([name, test]) => !Object.hasOwn(value, name) || test(value[name]));
}

function additional(argument: unknown, { properties: known, patternProperties }: View): Test {
  const test = isView(argument) ? compileSchema(argument) : () => argument !== false;
  const names = isView(known) ? known : {};
  const patterns = Object.keys(isView(patternProperties) ? patternProperties : {});
  const isKnown = (name: string) =>
    Object.hasOwn(names, name) || patterns.some((pattern) => plainRegex(pattern, '').test(name));
  return (value) =>
    !isView(value) || Object.entries(value).every(([name, item]) => isKnown(name) || test(item));
}

function combined(accept: (count: number, all: number) => boolean): Keyword {
  return (argument) => {
    const tests = listOf(argument, 'anyOf').map(compileSchema);
    return (value) => accept(tests.filter((test) => test(value)).length, tests.length);
  };
}

const keywords: Record<string, Keyword> = {
  bsonType: ofTypes,
  type: ofTypes,
  properties,
  additionalProperties: additional,
  required: (argument) => {
    const names = listOf(argument, 'required').map(String);
    return (value) => !isView(value) || names.every((name) => Object.hasOwn(value, name));
  },
  patternProperties: (argument) => {
    const tests = Object.entries(documentOf(argument, 'patternProperties')).map(
      ([pattern, schema]) => [plainRegex(pattern, ''), compileSchema(schema)] as const,
    );
    return (value) =>
      !isView(value) ||
      Object.entries(value).every(([name, item]) =>
        tests.every(([pattern, test]) => !pattern.test(name) || test(item)),
      );
  },
  items: (argument) => {
    const test = compileSchema(argument);
    return (value) => !isArray(value) || value.every(test);
  },
  enum: (argument) => {
    const members = listOf(argument, 'enum');
    return (value) => members.some((member) => compare(member, value) === 0);
  },
  minimum: on(isNumeric, (value, least) => compare(value, least) >= 0),
  maximum: on(isNumeric, (value, most) => compare(value, most) <= 0),
  multipleOf: on(isNumeric, (value, unit) => numeric(value) % numeric(unit) === 0),
  minLength: on(isText, (value, least) => [...value].length >= numeric(least)),
  maxLength: on(isText, (value, most) => [...value].length <= numeric(most)),
  pattern: on(isText, (value, pattern) => plainRegex(String(pattern), '').test(value)),
  minItems: on(isArray, (value, least) => value.length >= numeric(least)),
  maxItems: on(isArray, (value, most) => value.length <= numeric(most)),
  uniqueItems: on(
    isArray,
    (value, unique) => unique !== true || different(value).length === value.length,
  ),
  minProperties: on(isView, (value, least) => Object.keys(value).length >= numeric(least)),
  maxProperties: on(isView, (value, most) => Object.keys(value).length <= numeric(most)),
  allOf: combined((count, all) => count === all),
  anyOf: combined((count) => count > 0),
  oneOf: combined((count) => count === 1),
  not: (argument) => {
    const test = compileSchema(argument);
    return (value) => !test(value);
  },
};

const notes = new Set(['title', 'description']);

/**
 * Compiles what `$jsonSchema` says of a value.
 *
 * @param schema its view
 * @throws MongoCommandError 9 for a keyword MongoDB does not know either
 */
export function compileSchema(schema: unknown): Test {
  const entries = Object.entries(documentOf(schema, '$jsonSchema'));
  const tests = entries.flatMap(([name, argument]) => {
    if (notes.has(name)) return [];
    const keyword = Object.hasOwn(keywords, name) ? keywords[name] : undefined;
    if (keyword) return [keyword(argument, schema as View)];
    throw new MongoCommandError(9, `Unknown $jsonSchema keyword: ${name}`);
  });
  return (value) => tests.every((test) => test(value));
}
