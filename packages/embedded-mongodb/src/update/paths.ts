import { shellText } from '../bson/shell.ts';
import type { BsonDocument, BsonValue } from '../bson/values.ts';
import { toView } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import { isPosition } from '../storage/paths.ts';

/** How the array parts of a path, `$`, `$[]` and `$[name]`, are told which elements they mean. */
export interface Positions {
  /** The names of the array filters. */
  readonly names: readonly string[];
  /** The position that the query matched in the array at this path. */
  matched(path: string, array: readonly BsonValue[]): number;
  /** The positions that the array filter of this name admits. */
  filtered(name: string, array: readonly BsonValue[]): number[];
}

const largestPadding = 1_500_000;

/**
 * Replaces the array parts of a path by positions.
 *
 * @param document what the path leads into
 * @param path as the update names it
 * @param positions which elements are meant
 * @returns the parts of each path that is meant, without `$`
 * @throws MongoCommandError 2 if an array part does not stand for an array
 */
export function expandPath(document: BsonDocument, path: string, positions: Positions): string[][] {
  const parts = path.split('.');
  if (parts.includes('')) {
    throw new MongoCommandError(56, `The update path '${path}' contains an empty field name.`);
  }
  return path.includes('$') ? expand(document, parts, [], positions, path) : [parts];
}

function expand(
  value: BsonValue,
  parts: readonly string[],
  done: readonly string[],
  positions: Positions,
  path: string,
): string[][] {
  const [part, ...rest] = parts;
  if (part === undefined) return [[...done]];
  if (!part.startsWith('$')) {
    return expand(child(value, part), rest, [...done, part], positions, path);
  }
  if (part !== '$' && !(part.startsWith('$[') && part.endsWith(']'))) {
    throw new MongoCommandError(
      52,
      `The dollar ($) prefixed field '${part}' in '${path}' is not valid for storage.`,
    );
  }
  if (!Array.isArray(value)) {
    throw new MongoCommandError(
      2,
      `The path '${done.join('.')}' must exist in the document in order to apply array updates.`,
    );
  }
  return chosen(part, done.join('.'), value, positions).flatMap((at) =>
    expand(value[at], rest, [...done, String(at)], positions, path),
  );
}

function chosen(part: string, path: string, array: BsonValue[], positions: Positions): number[] {
  if (part === '$') return [positions.matched(path, array)];
  const name = part.slice(2, -1);
  return name === '' ? array.map((_item, at) => at) : positions.filtered(name, array);
}

function child(value: BsonValue, part: string): BsonValue {
  if (value instanceof Map) return value.get(part);
  return Array.isArray(value) && isPosition(part) ? value[Number(part)] : undefined;
}

/** The value at a path, or undefined. */
export function valueAt(document: BsonDocument, parts: readonly string[]): BsonValue {
  return parts.reduce<BsonValue>(child, document);
}

/** Whether there is a field at a path. */
export function existsAt(document: BsonDocument, parts: readonly string[]): boolean {
  const parent = valueAt(document, parts.slice(0, -1));
  const last = parts.at(-1) ?? '';
  if (parent instanceof Map) return parent.has(last);
  return Array.isArray(parent) && isPosition(last) && Number(last) < parent.length;
}

/**
 * Puts a value at a path, making the documents on the way.
 *
 * @throws MongoCommandError 28 where the way leads through something that is no document
 */
export function setAt(document: BsonDocument, parts: readonly string[], value: BsonValue): void {
  let container: BsonValue = document;
  for (const part of parts.slice(0, -1)) {
    let next: BsonValue = child(container, part);
    if (next === undefined) {
      next = new Map();
      place(container, part, next, parts);
    }
    container = next;
  }
  place(container, parts.at(-1) ?? '', value, parts);
}

function place(
  container: BsonValue,
  part: string,
  value: BsonValue,
  parts: readonly string[],
): void {
  if (container instanceof Map) {
    container.set(part, value);
  } else if (Array.isArray(container) && isPosition(part)) {
    const at = Number(part);
    if (at - container.length > largestPadding) {
      throw new MongoCommandError(34, `can't backfill more than ${largestPadding} elements`);
    }
    while (container.length < at) container.push(null);
    container[at] = value;
  } else {
    const element = shellText(toView(container));
    throw new MongoCommandError(
      28,
      `Cannot create field '${part}' in element {${parts.at(-2) ?? ''}: ${element}}`,
    );
  }
}

/** Takes the field at a path away; an array's element becomes null, so that others stay put. */
export function unsetAt(document: BsonDocument, parts: readonly string[]): void {
  const parent = valueAt(document, parts.slice(0, -1));
  const last = parts.at(-1) ?? '';
  if (parent instanceof Map) parent.delete(last);
  else if (existsAt(document, parts)) (parent as BsonValue[])[Number(last)] = null;
}
