import { Lazy } from 'mingo/lazy';
import { $project, $redact, $unset } from 'mingo/operators/pipeline';
import type { Any, Options } from 'mingo/types';
import { copyOfView, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { addFields } from './add-fields.ts';
import { bucket, bucketAuto, sample, unwind } from './array-stages.ts';
import { matching } from './filter.ts';
import { group, sortByCount } from './group.ts';
import { plainNumbers } from './numbers.ts';
import { sorted } from './sort.ts';

type Documents = ReturnType<typeof Lazy>;

/**
 * mingo copies only the top level of a document, so a stage that writes to a dotted path would
 * write into the stored one; such a stage gets copies all the way down.
 */
function copying<E>(
  stage: (documents: Documents, expression: E, options: Options) => Documents,
): (documents: Documents, expression: E, options: Options) => Documents {
  return (documents, expression, options) => {
    const names = typeof expression === 'string' ? [expression] : Object.keys(expression as object);
    const values = Array.isArray(expression) ? expression : names;
    const nested = values.some((name) => String(name).includes('.'));
    return stage(
      nested ? documents.map((item) => copyOfView(item)) : documents,
      expression,
      options,
    );
  };
}

/** A stage that takes a number of documents. */
function counting(
  name: string,
  code: number,
  least: number,
  cut: (items: Any[], count: number) => Any[],
) {
  return (documents: Documents, argument: Any) => {
    const count = Number(plainNumbers(argument));
    if (!Number.isInteger(count) || count < least) {
      throw new MongoCommandError(code, `invalid argument to ${name} stage: ${String(argument)}`);
    }
    return documents.transform((items: Any[]) => Lazy(cut(items, count)));
  };
}

/** A stage that has a number among its arguments. */
function sized(stage: (documents: Documents, expression: never, options: Options) => Documents) {
  return (documents: Documents, expression: Any, options: Options) =>
    stage(documents, plainNumbers(expression) as never, options);
}

/** The stages that mingo's own are not used for as they are. */
export const safeStages = {
  $addFields: addFields,
  $set: addFields,
  $unset: copying($unset),
  $project: sized(copying($project)),
  // mingo leaves a hole where a document was taken out as a whole.
  $redact: (documents: Documents, expression: Any, options: Options) =>
    $redact(documents, expression as never, options).filter((item: Any) => item !== undefined),
  $group: group,
  $sortByCount: sortByCount,
  $limit: counting('$limit', 15958, 1, (items, n) => items.slice(0, n)),
  $skip: counting('$skip', 15957, 0, (items, n) => items.slice(n)),
  $sample: sample,
  $unwind: unwind,
  $bucket: bucket,
  $match: (documents: Documents, filter: Any, options: Options) => {
    const matches = matching(filter, options);
    return documents.filter((item: Any) => matches(item as View));
  },
  $bucketAuto: bucketAuto,
  $count: (documents: Documents, name: Any) =>
    documents.transform((items: Any[]) =>
      Lazy(items.length > 0 ? [{ [String(name)]: items.length }] : []),
    ),
  $sort: (documents: Documents, spec: Any) =>
    documents.transform((items: Any[]) =>
      Lazy(sorted(items as View[], spec as View, (item) => item)),
    ),
};
