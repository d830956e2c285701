import { Lazy } from 'mingo/lazy';
import { $addFields, $project, $set, $unset } from 'mingo/operators/pipeline';
import type { Any, Options } from 'mingo/types';
import { copyOfView, type View } from '../bson/values.ts';
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

/** The stages that mingo's own are not used for as they are. */
export const safeStages = {
  $addFields: copying($addFields),
  $set: copying($set),
  $unset: copying($unset),
  $project: copying($project),
  $sort: (documents: Documents, spec: Any) =>
    documents.transform((items: Any[]) =>
      Lazy(sorted(items as View[], spec as View, (item) => item)),
    ),
};
