import { Logger } from '@aws-lambda-powertools/logger';
import { writeLine } from './output.ts';

let instance: Logger | undefined;

/** Returns the logger. It is created with the first line, because creating it slows down a cold start. */
function logger(): Logger {
  instance ??= new Logger({ serviceName: 'manystore' });
  return instance;
}

/** The stream to which the logger writes the lines of each level. */
const STREAMS = { info: 'stdout', warn: 'stderr', error: 'stderr' } as const;

const write = (level: keyof typeof STREAMS, message: string, details: Details): void =>
  writeLine(STREAMS[level], () => logger()[level](message, details), logDropped);

/** Logs how many lines of the log and the metrics were dropped, because nobody read the stream. */
export const logDropped = (lines: number, stream: string): void =>
  write('warn', 'log.dropped', { lines, stream });

/**
 * The structured log, with one JSON object per line. Keys of a request are passed with each call, because concurrent
 * requests share the logger.
 */
export const log = {
  info: (message: string, details: Details) => write('info', message, details),
  warn: (message: string, details: Details) => write('warn', message, details),
  error: (message: string, details: Details) => write('error', message, details),
};

type Details = Record<string, unknown>;

/** Errors whose messages contain no values of requests or documents, besides the `_id` of a document. */
const NAMES_OF_SAFE_ERRORS = new Set([
  'CircuitOpen',
  'ClusterUnavailable',
  'DeadlineExceeded',
  'InvalidRecord',
  'SecretsUnavailable',
  'SettingsError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'TypeError',
  'RangeError',
  'ReferenceError',
]);

// It ends at the next space, because a password may contain quotes.
const CONNECTION_STRING = /mongodb(\+srv)?:\/\/\S+/g;

/**
 * Returns what may be logged of an error: its name, code, stack frames and cause. The message is included only if it
 * cannot contain data of a caller. The messages of a failed cast or a duplicate key, for example, contain the value.
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

/** Returns the frames of a stack, without the message before them, which may contain lines that look like frames. */
function framesOf({ stack = '', message }: Error): string[] {
  const start = stack.indexOf(message);
  return stack
    .slice(start === -1 ? 0 : start + message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
}
