import { isView, put, type View } from '../bson/values.ts';

/**
 * A copy of a document with another value at a path; the document itself stays as it is.
 *
 * @param document a view
 * @param path dotted
 * @param value what to put there
 */
export function withValue(document: View, path: string, value: unknown): View {
  const [first = '', ...rest] = path.split('.');
  const copy = { ...document };
  const inner = copy[first];
  const next =
    rest.length > 0 ? withValue(isView(inner) ? inner : {}, rest.join('.'), value) : value;
  put(copy, first, next);
  return copy;
}

/** A copy of a document without the field at a path. */
export function withoutValue(document: View, path: string): View {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    const { [first]: _gone, ...others } = document;
    return others;
  }
  const inner = document[first];
  if (!isView(inner)) return document;
  return withValue(document, first, withoutValue(inner, rest.join('.')));
}
