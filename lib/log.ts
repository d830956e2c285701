import { Logger } from '@aws-lambda-powertools/logger';
import { mongo } from 'mongoose';
import { DeadlineExceeded } from './deadline.ts';

/** The structured log: one JSON object a line. Keys that belong to a request go with the call, never into the logger, which several requests share. */
export const log = new Logger({ serviceName: 'manystore' });

/** Errors whose text holds no value of a request and no document: those of the connection, and of code. */
const PLAIN_SPOKEN = [
  DeadlineExceeded,
  mongo.MongoNetworkError,
  mongo.MongoServerSelectionError,
  TypeError,
  RangeError,
  ReferenceError,
];

const CONNECTION_STRING = /mongodb(\+srv)?:\/\/[^\s"']+/g;

/**
 * What the log may know of an error: its name, its code, where it came from, and its cause. Its text only
 * if that cannot hold what a caller sent: a failed cast or a duplicate key tells the value.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: 'something thrown that is no Error' };
  const { code, codeName, cause } = error as Error & { code?: unknown; codeName?: unknown };
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    ...(codeName === undefined ? {} : { codeName }),
    ...(PLAIN_SPOKEN.some((type) => error instanceof type)
      ? { message: error.message.replace(CONNECTION_STRING, 'mongodb://[redacted]') }
      : {}),
    at: framesOf(error),
    ...(cause instanceof Error ? { cause: describeError(cause) } : {}),
  };
}

/** The lines of a stack that say where, without the first ones, which say what. */
const framesOf = ({ stack = '' }: Error): string[] =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
