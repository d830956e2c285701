import { mongo } from 'mongoose';

const { MongoBulkWriteError, MongoError, MongoNetworkError, MongoServerError } = mongo;

/**
 * The fields of the unique key that `error` says is taken, such as `['sku']`, whether the error came alone
 * or with a bulk; undefined for any other error.
 */
export function duplicateKeyFields(error: unknown): string[] | undefined {
  if (!(error instanceof MongoServerError) || error.code !== 11000) return undefined;
  const write = error instanceof MongoBulkWriteError ? [error.writeErrors].flat()[0] : undefined;
  const { keyPattern = {} } = (write?.err ?? error) as { keyPattern?: Record<string, unknown> };
  return Object.keys(keyPattern);
}

/** Whether every write of a bulk that failed did so because its key was taken. */
export function isDuplicateKeyBulk(error: unknown): boolean {
  if (!(error instanceof MongoBulkWriteError)) return false;
  const failed = [error.writeErrors].flat();
  return failed.length > 0 && failed.every(({ code }) => code === 11000);
}

/** A bulk tells of a connection that failed as of a failed write without an error of the server. */
const isBrokenBulk = (error: unknown): boolean =>
  error instanceof MongoBulkWriteError &&
  error.code === undefined &&
  [error.writeErrors].flat().length === 0;

const BARE_CODES = new Set<unknown>(['ECONNRESET', 'EPIPE']);

/** Whether the connection broke under an operation that the driver has not repeated by itself. */
export function isBrokenConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (BARE_CODES.has((error as { code?: unknown }).code)) return true;
  if (!(error instanceof MongoNetworkError) && !isBrokenBulk(error)) return false;
  return !(error as mongo.MongoError).hasErrorLabel('RetryableWriteError');
}

/** No server to be had, or no socket to it. */
const AWAY = [
  mongo.MongoServerSelectionError,
  MongoNetworkError,
  mongo.MongoNotConnectedError,
  mongo.MongoTopologyClosedError,
  mongo.MongoClientClosedError,
];
/** The likes of them that are not exported. */
const AWAY_NAMES = new Set([
  'MongooseServerSelectionError',
  'MongoWaitQueueTimeoutError',
  'MongoPoolClosedError',
]);
const CLOSED_SOCKET = new Set<unknown>(['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'ETIMEDOUT']);
/** "Not primary" and "node is recovering", as the specification of server discovery lists them, and time-outs. */
const PASSING = new Set<unknown>([
  6, 7, 50, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436,
]);

/** Whether an operation failed because its server could not be reached, or not for now: it may be sent again. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (AWAY.some((type) => error instanceof type) || AWAY_NAMES.has(error.name)) return true;
  const { code } = error as { code?: unknown };
  if (CLOSED_SOCKET.has(code) || isBrokenBulk(error)) return true;
  return error instanceof MongoError && PASSING.has(code);
}
