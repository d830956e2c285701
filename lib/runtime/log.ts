import { Logger } from '@aws-lambda-powertools/logger';

let instance: Logger | undefined;

/** Created for the first line, because it opens the streams of the process and would slow a cold start. */
function logger(): Logger {
  instance ??= new Logger({ serviceName: 'manystore' });
  return instance;
}

/** The structured log: one JSON object a line. Keys that belong to a request go with the call, never into the logger, which several requests share. */
export const log = {
  info: (message: string, details: Details) => logger().info(message, details),
  warn: (message: string, details: Details) => logger().warn(message, details),
  error: (message: string, details: Details) => logger().error(message, details),
};

type Details = Record<string, unknown>;

/** Errors whose text holds no value of a request and no document: those of the connection, and of code. */
const NAMES_OF_SAFE_ERRORS = new Set([
  'DeadlineExceeded',
  'SecretsUnavailable',
  'SettingsError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'TypeError',
  'RangeError',
  'ReferenceError',
]);

// To the next space: a password may have quotes.
const CONNECTION_STRING = /mongodb(\+srv)?:\/\/\S+/g;

/**
 * What the log may know of an error: its name, its code, where it came from, and its cause. Its text only
 * if that cannot hold what a caller sent: a failed cast or a duplicate key tells the value.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: 'a thrown value that is not an Error' };
  const { code, codeName, cause } = error as Error & { code?: unknown; codeName?: unknown };
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    ...(codeName === undefined ? {} : { codeName }),
    ...(NAMES_OF_SAFE_ERRORS.has(error.name)
      ? { message: error.message.replace(CONNECTION_STRING, 'mongodb://[redacted]') }
      : {}),
    at: framesOf(error),
    ...(cause instanceof Error ? { cause: describeError(cause) } : {}),
  };
}

/** The lines of a stack that say where, without the text before them, which may have lines that look like them. */
function framesOf({ stack = '', message }: Error): string[] {
  const behind = stack.indexOf(message);
  return stack
    .slice(behind === -1 ? 0 : behind + message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
}
