import { evalExpr } from 'mingo/core';
import type { Lazy } from 'mingo/lazy';
import type { Any, Options } from 'mingo/types';
import { isView, put, type View } from '../bson/values.ts';

type Documents = ReturnType<typeof Lazy>;

/** What a stage adds: expressions by path, a document of further ones, or nothing to evaluate. */
interface Addition {
  readonly parts: readonly string[];
  readonly expression: unknown;
}

function isFields(value: unknown): value is View {
  if (!isView(value)) return false;
  const names = Object.keys(value);
  return names.length > 0 && !names.some((name) => name.startsWith('$'));
}

function additionsOf(fields: View, prefix: readonly string[] = []): Addition[] {
  return Object.entries(fields).flatMap(([path, expression]) => {
    const parts = [...prefix, ...path.split('.')];
    return isFields(expression) ? additionsOf(expression, parts) : [{ parts, expression }];
  });
}

/**
 * Puts a value at a path, into each element of the arrays on its way, and copies what it changes: a
 * stored document is never written to. `undefined` takes the field away.
 */
function placed(container: unknown, parts: readonly string[], value: unknown): unknown {
  const [first, ...rest] = parts;
  if (first === undefined) return value;
  if (Array.isArray(container)) return container.map((item) => placed(item, parts, value));
  const inner = isView(container) ? container : {};
  const next = placed(Object.hasOwn(inner, first) ? inner[first] : undefined, rest, value);
  const copy = { ...inner };
  if (next === undefined) delete copy[first];
  else put(copy, first, next);
  return copy;
}

/** $addFields and $set. */
export function addFields(documents: Documents, expression: Any, options: Options): Documents {
  const additions = additionsOf(expression as View);
  return documents.map((document: Any) => {
    let result: unknown = document;
    for (const { parts, expression: value } of additions) {
      const computed = evalExpr(document, value, options);
      if (computed === undefined && parts.length > 1) continue;
      result = placed(result, parts, computed);
    }
    return result;
  });
}
