import { Logger } from '@aws-lambda-powertools/logger';

/** The structured log: one JSON object a line. Keys that belong to a request go with the call, never into the logger, which several requests share. */
export const log = new Logger({ serviceName: 'manystore' });

const CONNECTION_STRING = /mongodb(\+srv)?:\/\/[^\s"']+/g;

/** What the log may know of an error: its name, code, text and stack, without any connection string, and its cause's likewise. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: 'something was thrown that is no Error' };
  const { code, cause } = error as Error & { code?: unknown };
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    message: redact(error.message),
    stack: redact(error.stack ?? ''),
    ...(cause instanceof Error ? { cause: describeError(cause) } : {}),
  };
}

const redact = (text: string) => text.replace(CONNECTION_STRING, 'mongodb://[redacted]');
