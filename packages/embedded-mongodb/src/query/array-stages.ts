import { evalExpr } from 'mingo/core';
import { Lazy } from 'mingo/lazy';
import type { Any, Options } from 'mingo/types';
import { compare } from '../bson/compare.ts';
import { isView, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { field } from '../storage/paths.ts';
import { group } from './group.ts';
import { plainNumber } from './numbers.ts';
import { sorted } from './sort.ts';
import { withoutValue, withValue } from './with-value.ts';

type Documents = ReturnType<typeof Lazy>;

function valueAt(document: View, parts: readonly string[]): unknown {
  return parts.reduce<unknown>(
    (value, part) => (isView(value) ? field(value, part) : undefined),
    document,
  );
}

/** $unwind: a document for each element of an array. */
export function unwind(documents: Documents, expression: Any, _options: Options): Documents {
  const spec: View = isView(expression) ? expression : { path: expression };
  const { path, includeArrayIndex, preserveNullAndEmptyArrays } = spec;
  if (typeof path !== 'string' || !path.startsWith('$')) {
    throw new MongoCommandError(
      28818,
      "path option to $unwind stage should be prefixed with a '$'",
    );
  }
  const name = path.slice(1);

  function* parts(document: View): Iterable<View> {
    const value = valueAt(document, name.split('.'));
    const numbered = (view: View, at: bigint | null) =>
      typeof includeArrayIndex === 'string' ? withValue(view, includeArrayIndex, at) : view;
    if (Array.isArray(value) && value.length > 0) {
      for (const [at, item] of value.entries()) {
        yield numbered(withValue(document, name, item), BigInt(at));
      }
    } else if (value !== null && value !== undefined && !Array.isArray(value)) {
      yield numbered(document, null);
    } else if (preserveNullAndEmptyArrays === true) {
      yield numbered(Array.isArray(value) ? withoutValue(document, name) : document, null);
    }
  }
  return documents.transform((items: Any[]) =>
    Lazy(items.flatMap((item) => [...parts(item as View)])),
  );
}

/** $bucket, which is a $group by the boundary below a value. */
export function bucket(documents: Documents, expression: Any, options: Options): Documents {
  const { groupBy, boundaries, output, ...rest } = expression as View;
  if (!Array.isArray(boundaries) || boundaries.length < 2) {
    throw new MongoCommandError(40192, 'The $bucket boundaries must be an array of two or more');
  }
  const branches = boundaries.slice(0, -1).map((low, at) => {
    const within = [{ $gte: [groupBy, low] }, { $lt: [groupBy, boundaries[at + 1]] }];
    return Object.fromEntries([
      ['case', { $and: within }],
      ['then', { $literal: low }],
    ]);
  });
  const other = 'default' in rest ? { default: { $literal: rest.default } } : {};
  const fields = isView(output) ? output : { count: { $sum: 1 } };
  const spec = { _id: { $switch: { branches, ...other } }, ...fields };
  return group(documents, spec, options).transform((items: Any[]) =>
    Lazy(sorted(items as View[], { _id: 1 }, (item) => item)),
  );
}

/** $bucketAuto: groups of about one size, equal values always in one of them. */
export function bucketAuto(documents: Documents, expression: Any, options: Options): Documents {
  const { groupBy, buckets, output } = expression as View;
  const most = Number(plainNumber(buckets));
  if (!Number.isInteger(most) || most < 1) {
    throw new MongoCommandError(40243, "The $bucketAuto 'buckets' field must be greater than 0");
  }
  const fields = isView(output) ? output : { count: { $sum: 1 } };
  return documents.transform((items: Any[]) => {
    const keyed = items.map((item) => ({ by: evalExpr(item, groupBy, options) ?? null, item }));
    keyed.sort((a, b) => compare(a.by, b.by));
    const size = Math.max(Math.round(keyed.length / most), 1);
    const results: Any[] = [];
    for (let start = 0; start < keyed.length; ) {
      let end = results.length === most - 1 ? keyed.length : Math.min(start + size, keyed.length);
      while (end < keyed.length && compare(keyed[end]?.by, keyed[end - 1]?.by) === 0) end += 1;
      const range = { min: keyed[start]?.by, max: (keyed[end] ?? keyed[end - 1])?.by };
      const members = Lazy(keyed.slice(start, end).map(({ item }) => item));
      results.push(...group(members, { _id: { $literal: range }, ...fields }, options).collect());
      start = end;
    }
    return Lazy(results);
  });
}

/** $sample: some documents, none of them twice. */
export function sample(documents: Documents, expression: Any): Documents {
  const size = Number(plainNumber((expression as View).size));
  return documents.transform((items: Any[]) => {
    const left = [...items];
    const chosen: Any[] = [];
    while (left.length > 0 && chosen.length < size) {
      chosen.push(...left.splice(Math.floor(Math.random() * left.length), 1));
    }
    return Lazy(chosen);
  });
}
