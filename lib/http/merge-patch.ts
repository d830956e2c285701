import { isDeepStrictEqual } from 'node:util';

type Json = { [name: string]: unknown };

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Applies a JSON merge patch (RFC 7396, section 2): null removes a member, objects are merged, and any other value
 * replaces the member. `target` itself is not changed.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Json = isObject(target) ? { ...target } : {};
  for (const name of Object.keys(patch)) {
    const value = patch[name];
    if (value === null) delete merged[name];
    else if (value !== undefined) merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

/** Returns whether two values are arrays with equal elements. */
const isSameList = (one: unknown, other: unknown): boolean =>
  Array.isArray(one) &&
  Array.isArray(other) &&
  one.length === other.length &&
  one.every((element, at) => element === other[at] || isDeepStrictEqual(element, other[at]));

/** Returns whether a merge patch has no effect on a JSON value. It is faster than merging and comparing. */
export function changesNothing(target: unknown, patch: unknown): boolean {
  if (!isObject(patch)) return target === patch || isSameList(target, patch);
  if (!isObject(target)) return false;
  return Object.keys(patch).every((name) => {
    const value = patch[name];
    if (value === undefined) return true;
    const member = Object.hasOwn(target, name) ? target[name] : undefined;
    return value === null ? member === undefined : changesNothing(member, value);
  });
}
