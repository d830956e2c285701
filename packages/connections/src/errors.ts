import { isClosedSocket } from './closed-sockets.ts';
import {
  failedWrites,
  hasLabel,
  isBrokenBulk,
  isBulkWrite,
  isError,
  isOfClass,
} from './error-kind.ts';
import { SERVER_CODES, TRANSIENT_LABELS } from './server-codes.ts';

const DUPLICATE_KEY = 11_000;

/**
 * Returns the fields of the unique index that a write violated.
 *
 * @returns the field names, such as `['sku']`; an empty array if they are unknown, as in a bulk write, whose
 *   errors the driver shortens; undefined if `error` is any other error
 * @example
 * try {
 *   await Product.create({ sku: 'A-1' });
 * } catch (error) {
 *   if (duplicateKeyFields(error)?.includes('sku')) throw new Conflict('The SKU is in use');
 *   throw error;
 * }
 */
export function duplicateKeyFields(error: unknown): string[] | undefined {
  if (!isOfClass(error, 'MongoServerError') || error.code !== DUPLICATE_KEY) return undefined;
  const write = isBulkWrite(error) ? failedWrites(error)[0] : undefined;
  return Object.keys((write?.err ?? error).keyPattern ?? {});
}

/**
 * Whether every failed write of a bulk write failed because of a duplicate key.
 *
 * @returns false for an error of any other operation
 * @example
 * await Event.insertMany(events, { ordered: false }).catch((error) => {
 *   if (!isDuplicateKeyBulk(error)) throw error; // The events that failed are already stored.
 * });
 */
export function isDuplicateKeyBulk(error: unknown): boolean {
  if (!isBulkWrite(error)) return false;
  const failed = failedWrites(error);
  return failed.length > 0 && failed.every(({ code }) => code === DUPLICATE_KEY);
}

/**
 * Whether the connection broke during an operation that the driver did not retry.
 *
 * @returns true if an idempotent operation can be retried; see {@link retryOnce}
 * @example
 * if (isBrokenConnection(error)) return Product.findById(id);
 */
export function isBrokenConnection(error: unknown): boolean {
  if (isClosedSocket(error)) return true;
  if (!isOfClass(error, 'MongoNetworkError') && !isBrokenBulk(error)) return false;
  return !hasLabel(error, 'RetryableWriteError');
}

/** The error classes that mean that no server is reachable, or that no socket is available. */
const UNREACHABLE = [
  'CircuitOpen',
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNetworkError',
  'MongoNotConnectedError',
  'MongoServerClosedError',
  'MongoTopologyClosedError',
  'MongoClientClosedError',
  'MongoWaitQueueTimeoutError',
  'MongoPoolClosedError',
];
const CLOSED_SOCKET = new Set<unknown>(['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'ETIMEDOUT']);
/**
 * Whether an operation failed because the server is unreachable or temporarily cannot serve it. Respond with 503
 * rather than 500, so that the client retries later.
 *
 * @example
 * if (isUnavailable(error)) return { statusCode: 503, headers: { 'retry-after': '1' } };
 */
export function isUnavailable(error: unknown): boolean {
  if (!isError(error)) return false;
  if (UNREACHABLE.some((name) => isOfClass(error, name))) return true;
  if (CLOSED_SOCKET.has(error.code) || isBrokenBulk(error)) return true;
  if (TRANSIENT_LABELS.some((label) => hasLabel(error, label))) return true;
  return isOfClass(error, 'MongoError') && (SERVER_CODES.get(error.code)?.isTransient ?? false);
}

/** The codes with which a server rejects a user: of MongoDB, and of Atlas. */
const SIGN_IN_FAILED = new Set<unknown>([18, 8000]);

/**
 * Whether a server rejected the user name or the password of the connection string. The same connection string fails
 * again; read it again if it comes from a secrets store, where it may have been replaced.
 *
 * @example
 * if (isSignInFailure(error)) uri = await readSecret('clusters/acme');
 */
export const isSignInFailure = (error: unknown): boolean =>
  isOfClass(error, 'MongoServerError') && SIGN_IN_FAILED.has(error.code);
