import type {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { DBRef, Double } from 'bson';

/**
 * Exact values: a decoded BSON document that keeps the type of each number and the order of the fields.
 * A `number` is an int32, a `bigint` an int64, and a double is always a `Double`.
 * A document is a Map, since a plain object would move keys such as "2" to the front.
 */
export type BsonValue =
  | null
  | undefined
  | boolean
  | string
  | number
  | bigint
  | Double
  | Date
  | ObjectId
  | Binary
  | BSONRegExp
  | BSONSymbol
  | Code
  | DBRef
  | Decimal128
  | MaxKey
  | MinKey
  | Timestamp
  | BsonValue[]
  | BsonDocument;

export type BsonDocument = Map<string, BsonValue>;

/** The plain view of a document, on which the query engine works. It has only one type of number. */
export type View = Record<string, unknown>;

/**
 * Sets an own property with any name. (An assignment to `__proto__` would set the prototype instead.)
 */
export function put(target: View, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  } else {
    target[key] = value;
  }
}

/**
 * Whether a value of a view is a sub-document, and not an array, a date or another BSON value.
 * It checks the prototype, because a document may have a field called `constructor`.
 */
export function isView(value: unknown): value is View {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** Converts an int64 to a number if that is exact. */
export function plainInteger(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
    ? Number(value)
    : value;
}

/**
 * Converts a double for a typed view. An integral double is wrapped, because a plain number would be
 * taken for an int32. Other doubles are plain numbers.
 */
export function typedDouble(value: number): number | Double {
  return value === (value | 0) && !Object.is(value, -0) ? new Double(value) : value;
}

const regexOptions = new Set(['i', 'm', 's']);

/** Removes white space and comments from a pattern, as option x requires. */
function condensed(pattern: string): string {
  return pattern.replace(/\\[\s\S]|\[(?:\\[\s\S]|[^\]])*\]|\s+|#.*/g, (part) =>
    part.startsWith('#') || /^\s/.test(part) ? '' : part,
  );
}

/**
 * Converts a BSON regular expression to a JavaScript one.
 *
 * @param pattern its source
 * @param options MongoDB's option letters. Those without a JavaScript equivalent are ignored
 */
export function plainRegex(pattern: string, options: string): RegExp {
  const [, inline = '', body = pattern] = /^\(\?([imsx]+)\)([\s\S]*)$/.exec(pattern) ?? [];
  const letters = new Set([...options, ...inline]);
  const flags = [...letters].filter((letter) => regexOptions.has(letter)).join('');
  try {
    return new RegExp(letters.has('x') ? condensed(body) : body, flags);
  } catch {
    // A document may contain a pattern that only PCRE supports. In a query it matches nothing.
    return /(?!)/;
  }
}

/**
 * Returns the plain view of an exact value.
 *
 * @returns numbers as `number` where that is exact, documents as plain objects
 */
export function toView(value: BsonValue): unknown {
  if (value instanceof Map) return viewOf(value);
  if (Array.isArray(value)) return value.map(toView);
  if (value instanceof Double) return value.value;
  if (typeof value === 'bigint') return plainInteger(value);
  if (value instanceof DBRef) return value;
  if (typeof value === 'object' && value !== null && '_bsontype' in value) {
    if (value._bsontype === 'BSONRegExp') return plainRegex(value.pattern, value.options);
    if (value._bsontype === 'BSONSymbol') return value.value;
  }
  return value ?? null;
}

/**
 * Returns the typed view of an exact value: like the plain view, but numbers keep their type. An int32
 * is a `number`, an int64 a `bigint`, and a double a `number` or, if it is integral, a `Double`.
 */
export function toTyped(value: BsonValue): unknown {
  if (value instanceof Map) return typedOf(value);
  if (Array.isArray(value)) return value.map(toTyped);
  if (value instanceof Double) return typedDouble(value.value);
  return typeof value === 'bigint' ? value : toView(value);
}

/** Returns the typed view of an exact document. */
export function typedOf(document: BsonDocument): View {
  const view: View = {};
  for (const [key, value] of document) put(view, key, toTyped(value));
  return view;
}

/** Returns the plain view of an exact document. */
export function viewOf(document: BsonDocument): View {
  const view: View = {};
  for (const [key, value] of document) put(view, key, toView(value));
  return view;
}

/** Returns a deep copy of an exact value. Scalars are shared, because they are never changed in place. */
export function copyOf<T extends BsonValue>(value: T): T;
export function copyOf(value: BsonValue): BsonValue {
  if (value instanceof Map) {
    return new Map([...value].map(([key, item]) => [key, copyOf(item)] as const));
  }
  return Array.isArray(value) ? value.map((item) => copyOf(item)) : value;
}

/** Returns a deep copy of a view, with shared scalars. */
export function copyOfView<T>(value: T): T;
export function copyOfView(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => copyOfView(item));
  if (!isView(value)) return value;
  const copy: View = {};
  for (const [key, item] of Object.entries(value)) put(copy, key, copyOfView(item));
  return copy;
}
