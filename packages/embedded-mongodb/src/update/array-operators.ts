import { compare } from '../bson/compare.ts';
import { setAt, valueAt } from '../bson/paths.ts';
import { sortKey } from '../bson/sort-key.ts';
import {
  type BsonDocument,
  type BsonValue,
  copyOf,
  isView,
  toView,
  type View,
} from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { compileFilter } from '../query/filter.ts';
import { sorted } from '../query/sort.ts';

type Apply = (document: BsonDocument, parts: readonly string[], argument: BsonValue) => void;

function arrayAt(document: BsonDocument, parts: readonly string[], operator: string) {
  const value = valueAt(document, parts);
  if (value === undefined || Array.isArray(value)) return value;
  const path = parts.join('.');
  throw new MongoCommandError(
    2,
    `The field '${path}' must be an array but is of another type, so ${operator} cannot be applied`,
  );
}

function isModifier(argument: BsonValue): argument is BsonDocument {
  return argument instanceof Map && argument.has('$each');
}

function eachOf(argument: BsonValue, operator: string): BsonValue[] {
  if (!isModifier(argument)) return [argument];
  const items = argument.get('$each');
  if (Array.isArray(items)) return items;
  throw new MongoCommandError(2, `The argument to $each in ${operator} must be an array`);
}

const push: Apply = (document, parts, argument) => {
  const array = arrayAt(document, parts, '$push');
  let items = [...(array ?? [])];
  const added = eachOf(argument, '$push').map((item) => copyOf(item));
  const modifier: BsonDocument = isModifier(argument) ? argument : new Map();
  const position = modifier.get('$position');
  items.splice(position === undefined ? items.length : Number(toView(position)), 0, ...added);
  const order = modifier.get('$sort');
  if (order !== undefined) items = sortItems(items, toView(order));
  const slice = modifier.get('$slice');
  if (slice !== undefined) items = sliceOf(items, Number(toView(slice)));
  setAt(document, parts, items);
};

function sortItems(items: BsonValue[], order: unknown): BsonValue[] {
  if (isView(order)) return sorted(items, order, (item) => toView(item) as View);
  const direction = order === -1 ? -1 : 1;
  return items.toSorted((a, b) => direction * compare(toView(a), toView(b)));
}

function sliceOf(items: BsonValue[], count: number): BsonValue[] {
  if (count === 0) return [];
  return count > 0 ? items.slice(0, count) : items.slice(count);
}

const addToSet: Apply = (document, parts, argument) => {
  const items = [...(arrayAt(document, parts, '$addToSet') ?? [])];
  const known = new Set(items.map((item) => sortKey(toView(item))));
  for (const item of eachOf(argument, '$addToSet')) {
    const key = sortKey(toView(item));
    if (known.has(key)) continue;
    known.add(key);
    items.push(copyOf(item));
  }
  setAt(document, parts, items);
};

const pop: Apply = (document, parts, argument) => {
  const array = arrayAt(document, parts, '$pop');
  const end = toView(argument);
  if (end !== 1 && end !== -1) {
    throw new MongoCommandError(9, `$pop expects 1 or -1, found: ${String(end)}`);
  }
  if (array) setAt(document, parts, end === 1 ? array.slice(0, -1) : array.slice(1));
};

const pull: Apply = (document, parts, argument) => {
  const array = arrayAt(document, parts, '$pull');
  if (!array) return;
  const goes = pullTest(toView(argument));
  setAt(
    document,
    parts,
    array.filter((item) => !goes(toView(item))),
  );
};

/** A document is a query on elements that are documents; operators are one on the value itself. */
function pullTest(condition: unknown): (element: unknown) => boolean {
  const ofValue = (key: string) => key.startsWith('$') && !/^\$(and|or|nor)$/.test(key);
  if (isView(condition) && !Object.keys(condition).some(ofValue)) {
    const matches = compileFilter(condition);
    return (element) => isView(element) && matches(element);
  }
  const matches = compileFilter({ element: condition });
  return (element) => matches({ element });
}

const pullAll: Apply = (document, parts, argument) => {
  const array = arrayAt(document, parts, '$pullAll');
  if (!Array.isArray(argument)) {
    throw new MongoCommandError(2, '$pullAll requires an array argument');
  }
  const gone = new Set(argument.map((item) => sortKey(toView(item))));
  if (array)
    setAt(
      document,
      parts,
      array.filter((item) => !gone.has(sortKey(toView(item)))),
    );
};

/** The update operators that change arrays. */
export const arrayOperators: Record<string, Apply> = {
  $push: push,
  $addToSet: addToSet,
  $pop: pop,
  $pull: pull,
  $pullAll: pullAll,
};
