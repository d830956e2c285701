import { evalExpr, OpType } from 'mingo/core';
import { Lazy } from 'mingo/lazy';
import type { Any, Options } from 'mingo/types';
import { sortKey } from '../bson/sort-key.ts';
import { isView, put, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { sorted } from './sort.ts';

type Documents = ReturnType<typeof Lazy>;

interface Field {
  readonly name: string;
  readonly operator: string;
  readonly argument: Any;
}

function fieldOf([name, definition]: [string, unknown]): Field {
  if (name.includes('.')) {
    throw new MongoCommandError(
      40235,
      `The field name '${name}' cannot contain '.' in a $group specification`,
    );
  }
  const entries = isView(definition) ? Object.entries(definition) : [];
  const [entry] = entries;
  if (!entry?.[0].startsWith('$')) {
    throw new MongoCommandError(40234, `The field '${name}' must be an accumulator object`);
  }
  if (entries.length > 1) {
    throw new MongoCommandError(40238, `The field '${name}' must specify one accumulator`);
  }
  return { name, operator: entry[0], argument: entry[1] };
}

/** Groups by BSON's equality, to which 2 and 2.0 are one value and a missing one is null. */
export function group(documents: Documents, expression: Any, options: Options): Documents {
  const { _id: id, ...rest } = expression as View;
  if (!Object.hasOwn(expression as View, '_id')) {
    throw new MongoCommandError(15955, 'a group specification must include an _id');
  }
  const fields = Object.entries(rest).map(fieldOf);
  const accumulators = fields.map(({ operator }) => {
    const found =
      operator === '$count'
        ? (items: Any[]) => items.length
        : options.context.getOperator(OpType.ACCUMULATOR, operator);
    if (found) return found as (items: Any[], argument: Any, options: Options) => Any;
    throw new MongoCommandError(15952, `unknown group operator '${operator}'`);
  });

  function summary(value: unknown, items: Any[]): View {
    const result: View = { _id: value };
    for (const [at, { name, argument }] of fields.entries()) {
      put(result, name, accumulators[at]?.(items, argument, options));
    }
    return result;
  }

  return documents.transform((items: Any[]) => {
    const groups = new Map<string, { value: unknown; items: Any[] }>();
    for (const item of items) {
      const value = evalExpr(item, id, options) ?? null;
      const key = sortKey(value);
      const known = groups.get(key);
      if (known) known.items.push(item);
      else groups.set(key, { value, items: [item] });
    }
    return Lazy([...groups.values()].map((found) => summary(found.value, found.items)));
  });
}

/** $sortByCount: how often each value occurs, the most frequent first. */
export function sortByCount(documents: Documents, expression: Any, options: Options): Documents {
  return group(documents, { _id: expression, count: { $sum: 1 } }, options).transform(
    (items: Any[]) => Lazy(sorted(items as View[], { count: -1 }, (item) => item)),
  );
}
