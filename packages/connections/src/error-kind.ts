import { types } from 'node:util';

/** The members of a driver error that the checks of this package read. */
export interface DriverError extends Error {
  readonly code?: unknown;
  readonly reason?: unknown;
  readonly keyPattern?: Record<string, unknown>;
  readonly writeErrors?: unknown;
  readonly errorLabelSet?: ReadonlySet<string>;
  hasErrorLabel?(label: string): boolean;
}

/** Whether `error` is an error at all, also one of another realm, such as Node's own inside a `vm` context. */
export const isError = (error: unknown): error is DriverError => types.isNativeError(error);

/**
 * Whether `error` is of the class called `name`, such as `MongoNetworkError`, or of a subclass of it.
 *
 * `instanceof` is false for an error of a second copy of the driver, which npm installs whenever two
 * packages ask for different versions, and a check that is silently false hides failures. Each driver
 * class defines its name on its prototype, so the name survives a second copy, and a minifier too.
 */
export function isOfClass(error: unknown, name: string): error is DriverError {
  if (!isError(error)) return false;
  for (let type: object | null = error; type; type = Object.getPrototypeOf(type)) {
    if (Reflect.get(type, 'name', error) === name) return true;
  }
  return false;
}

/** Whether the server or the driver put `label` on `error`, such as `TransientTransactionError`. */
export function hasLabel(error: unknown, label: string): boolean {
  if (!isOfClass(error, 'MongoError')) return false;
  return error.hasErrorLabel?.(label) ?? error.errorLabelSet?.has(label) ?? false;
}
