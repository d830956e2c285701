import { evalExpr } from 'mingo/core';
import { concat, Lazy } from 'mingo/lazy';
import type { Any, Options } from 'mingo/types';
import { sortKey } from '../bson/sort-key.ts';
import { isView, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { reach } from '../storage/paths.ts';
import { withValue } from './with-value.ts';

type Documents = ReturnType<typeof Lazy>;
type Stage = (documents: Documents, expression: Any, options: Options) => Documents;

/** Runs a pipeline on a collection of the same database, or on documents that are given. */
export type RunOn = (from: unknown, pipeline: readonly unknown[], variables: View) => View[];

/** The keys under which a document is joined: of each element of an array, null for nothing. */
function keysAt(document: View, path: string): Set<string> {
  const keys = new Set<string>();
  reach(document, path.split('.'), (value) => {
    if (Array.isArray(value)) for (const item of value) keys.add(sortKey(item));
    else keys.add(sortKey(value ?? null));
    return false;
  });
  return keys;
}

/** The foreign documents by what they are joined on, so that each is looked at once. */
function filed(documents: readonly View[], path: string): Map<string, View[]> {
  const files = new Map<string, View[]>();
  for (const document of documents) {
    for (const key of keysAt(document, path)) {
      const file = files.get(key);
      if (file) file.push(document);
      else files.set(key, [document]);
    }
  }
  return files;
}

function joined(files: Map<string, View[]>, keys: Set<string>): View[] {
  if (keys.size === 1) for (const key of keys) return files.get(key) ?? [];
  const found = new Set<View>();
  for (const key of keys) for (const document of files.get(key) ?? []) found.add(document);
  return [...found];
}

const fewest = 100;

/** For few documents, a search that an index may answer, instead of the whole collection. */
function narrowed(documents: readonly View[], localField: string, foreignField: string): object[] {
  if (documents.length > fewest) return [];
  const values: unknown[] = [];
  for (const document of documents) {
    reach(document, localField.split('.'), (value) => {
      values.push(...(Array.isArray(value) ? value : [value ?? null]));
      return values.length > fewest;
    });
  }
  // A pattern would find texts, and is here only equal to itself.
  if (values.length > fewest || values.some((value) => value instanceof RegExp)) return [];
  return [{ $match: { [foreignField]: { $in: values } } }];
}

interface Lookup {
  readonly from: unknown;
  readonly as: string;
  readonly localField: string | undefined;
  readonly foreignField: string | undefined;
  readonly pipeline: readonly unknown[];
  readonly bindings: View | undefined;
}

function lookupOf(expression: View): Lookup {
  const { from, as, localField, foreignField, pipeline, let: bindings } = expression;
  const both = typeof localField === 'string' && typeof foreignField === 'string';
  if (typeof as !== 'string' || (!both && !Array.isArray(pipeline))) {
    throw new MongoCommandError(
      9,
      "$lookup requires 'as', and either 'pipeline' or both 'localField' and 'foreignField'",
    );
  }
  return {
    from,
    as,
    localField: both ? localField : undefined,
    foreignField: both ? foreignField : undefined,
    pipeline: Array.isArray(pipeline) ? pipeline : [],
    bindings: isView(bindings) ? bindings : undefined,
  };
}

/**
 * $lookup by a hash of the foreign collection; a pipeline without variables runs once.
 *
 * @param run finds what is joined
 */
export function lookupWith(run: RunOn): Stage {
  return (documents, expression, options) => {
    const { from, as, localField, foreignField, pipeline, bindings } = lookupOf(expression as View);
    const outer = { ...options.variables } as View;
    const variablesFor = (document: View): View =>
      bindings ? { ...outer, ...(evalExpr(document, bindings, options) as View) } : outer;

    if (localField === undefined || foreignField === undefined) {
      const fixed = bindings ? undefined : run(from, pipeline, outer);
      return documents.map((document: View) =>
        withValue(document, as, fixed ?? run(from, pipeline, variablesFor(document))),
      );
    }
    return documents.transform((items: Any[]) => {
      const wanted = narrowed(items as View[], localField, foreignField);
      const files = filed(run(from, wanted, outer), foreignField);
      return Lazy(items).map((document: View) => {
        const found = joined(files, keysAt(document, localField));
        const result =
          pipeline.length > 0 ? run(found, pipeline, variablesFor(document)) : [...found];
        return withValue(document, as, result);
      });
    });
  };
}

/** $unionWith: the documents of this pipeline, and then those of another one. */
export function unionWith(run: RunOn): Stage {
  return (documents, expression, options) => {
    const spec: View = isView(expression) ? expression : { coll: expression };
    const pipeline = Array.isArray(spec.pipeline) ? spec.pipeline : [];
    const others = run(spec.coll, pipeline, { ...options.variables } as View);
    return concat(documents, Lazy(others));
  };
}
