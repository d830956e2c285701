import { type DriverError, hasLabel, isError, isOfClass } from './error-kind.ts';

const DUPLICATE_KEY = 11_000;

/** A write of a bulk that failed. */
interface WriteError {
  readonly code?: unknown;
  readonly err?: DriverError;
}

/** The failed writes of a bulk: the driver gives an array, or the only one by itself. */
const failedWrites = (error: DriverError): WriteError[] =>
  [error.writeErrors ?? []].flat() as WriteError[];

const isBulkWrite = (error: unknown): error is DriverError =>
  isOfClass(error, 'MongoBulkWriteError');

/**
 * The fields of the unique index that a write violated, whether the write failed alone or in a bulk.
 *
 * @returns the names of the fields, such as `['sku']`; an empty array when they are not known, as in a
 *   bulk, whose errors the driver shortens; undefined when `error` is any other error
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
 * Whether every failed write of a bulk failed because of a duplicate key, so that nothing else went wrong.
 *
 * @returns false for any error that is not a bulk's
 * @example
 * await Event.insertMany(events, { ordered: false }).catch((error) => {
 *   if (!isDuplicateKeyBulk(error)) throw error; // An event that is stored already needs no second copy.
 * });
 */
export function isDuplicateKeyBulk(error: unknown): boolean {
  if (!isBulkWrite(error)) return false;
  const failed = failedWrites(error);
  return failed.length > 0 && failed.every(({ code }) => code === DUPLICATE_KEY);
}

/** A bulk reports a broken connection as a failed bulk without a server error. */
const isBrokenBulk = (error: unknown): boolean =>
  isBulkWrite(error) && error.code === undefined && failedWrites(error).length === 0;

const BARE_CODES = new Set<unknown>(['ECONNRESET', 'EPIPE']);

/**
 * Whether the connection broke under an operation that the driver did not retry by itself.
 *
 * @returns true when it is safe to retry an idempotent operation; see {@link retryOnce}
 * @example
 * if (isBrokenConnection(error)) return Product.findById(id);
 */
export function isBrokenConnection(error: unknown): boolean {
  if (!isError(error)) return false;
  if (BARE_CODES.has(error.code)) return true;
  if (!isOfClass(error, 'MongoNetworkError') && !isBrokenBulk(error)) return false;
  return !hasLabel(error, 'RetryableWriteError');
}

/** The classes that mean: there is no server to be reached, or no socket to it. */
const UNREACHABLE = [
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNetworkError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoClientClosedError',
  'MongoWaitQueueTimeoutError',
  'MongoPoolClosedError',
];
const CLOSED_SOCKET = new Set<unknown>(['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'ETIMEDOUT']);
/** "Not primary", "node is recovering" and timeouts, as the server discovery specification lists them. */
const TRANSIENT = new Set<unknown>([
  6, 7, 50, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436,
]);

/**
 * Whether an operation failed because its server cannot be reached, or not at the moment. The client may
 * send the request again later: this is a 503, not a 500.
 *
 * @example
 * if (isUnavailable(error)) return { statusCode: 503, headers: { 'retry-after': '1' } };
 */
export function isUnavailable(error: unknown): boolean {
  if (!isError(error)) return false;
  if (UNREACHABLE.some((name) => isOfClass(error, name))) return true;
  if (CLOSED_SOCKET.has(error.code) || isBrokenBulk(error)) return true;
  return isOfClass(error, 'MongoError') && TRANSIENT.has(error.code);
}
