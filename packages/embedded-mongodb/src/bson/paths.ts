import { MongoCommandError } from '../errors.ts';
import { shellText } from './shell.ts';
import { type BsonDocument, type BsonValue, toView } from './values.ts';

const largestPadding = 1_500_000;

const digits = /^\d+$/;

/** Whether a part of a dotted path can be an array index. */
export function isPosition(part: string): boolean {
  return digits.test(part);
}

/** Returns the field or the array element called `part`, or undefined. */
export function child(value: BsonValue, part: string): BsonValue {
  if (value instanceof Map) return value.get(part);
  return Array.isArray(value) && isPosition(part) ? value[Number(part)] : undefined;
}

/** Returns the value at a path, or undefined. */
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
 * Sets the value at a path, and creates missing documents along the path.
 *
 * @throws MongoCommandError 28 if the path leads through a value that is not a document
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

/** Removes the field at a path. An array element becomes null instead, so that the other elements keep their index. */
export function unsetAt(document: BsonDocument, parts: readonly string[]): void {
  const parent = valueAt(document, parts.slice(0, -1));
  const last = parts.at(-1) ?? '';
  if (parent instanceof Map) parent.delete(last);
  else if (existsAt(document, parts)) (parent as BsonValue[])[Number(last)] = null;
}
