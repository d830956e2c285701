import { types } from 'node:util';

/** The members of a driver error that this package reads. */
export interface DriverError extends Error {
  readonly code?: unknown;
  readonly reason?: unknown;
  readonly originalError?: unknown;
  readonly keyPattern?: Record<string, unknown>;
  readonly writeErrors?: unknown;
  readonly insertedCount?: unknown;
  readonly matchedCount?: unknown;
  readonly deletedCount?: unknown;
  readonly upsertedCount?: unknown;
  readonly errorLabelSet?: ReadonlySet<string>;
  hasErrorLabel?(label: string): boolean;
}

/** Whether `error` is an Error, including one from another realm, such as Node's own errors inside a `vm` context. */
export const isError = (error: unknown): error is DriverError => types.isNativeError(error);

/**
 * Whether `error` is an instance of the class called `name`, such as `MongoNetworkError`, or of a subclass.
 *
 * `instanceof` is false for an error from a second copy of the driver, which npm installs when two packages
 * require different versions. Each driver class defines `name` on its prototype, so comparing names works across
 * copies and after minification.
 */
export function isOfClass(error: unknown, name: string): error is DriverError {
  if (!isError(error)) return false;
  for (let type: object | null = error; type; type = Object.getPrototypeOf(type)) {
    if (Reflect.get(type, 'name', error) === name) return true;
  }
  return false;
}

/** Whether `error` has the error label `label`, such as `TransientTransactionError`. */
export function hasLabel(error: unknown, label: string): boolean {
  if (!isOfClass(error, 'MongoError')) return false;
  return error.hasErrorLabel?.(label) ?? error.errorLabelSet?.has(label) ?? false;
}

/** A failed write of a bulk write. */
export interface WriteError {
  readonly code?: unknown;
  readonly err?: DriverError;
}

/** Returns the failed writes of a bulk write. The driver reports an array, or a single failure by itself. */
export const failedWrites = (error: DriverError): WriteError[] =>
  [error.writeErrors ?? []].flat() as WriteError[];

export const isBulkWrite = (error: unknown): error is DriverError =>
  isOfClass(error, 'MongoBulkWriteError');

/**
 * The driver reports a connection that broke during a bulk write as a bulk error without a server error. It reports the
 * code 20 of a server that has no retryable writes without the code, but with the server's error.
 */
export const isBrokenBulk = (error: unknown): boolean =>
  isBulkWrite(error) &&
  error.code === undefined &&
  error.originalError === undefined &&
  failedWrites(error).length === 0;
