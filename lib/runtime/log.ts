import { getXRayTraceIdFromEnv } from '@aws-lambda-powertools/commons/utils/env';
import { Logger, LogLevelThreshold } from '@aws-lambda-powertools/logger';
import { writeLine } from './output.ts';

/** The service of every line, and the dimension of every metric. */
const SERVICE = 'manystore';

type Details = Readonly<Record<string, unknown>>;

/** The stream of the lines of each level. */
const STREAMS = { info: 'stdout', warn: 'stderr', error: 'stderr' } as const;
type Level = keyof typeof STREAMS;

/** Powertools' logger, which also returns what it would add to a line. */
class LineLogger extends Logger {
  /** Returns the further members of each line of a level; undefined if the level is not logged. */
  membersOf(level: Level): Details | undefined {
    const threshold = LogLevelThreshold[level.toUpperCase() as Uppercase<Level>];
    if (threshold < this.level) return undefined;
    const item = this.createAndPopulateLogItem(threshold, '', []);
    item.prepareForPrint();
    const { level: _, message, timestamp, xray_trace_id, ...members } = item.getAttributes();
    return members;
  }
}

let instance: LineLogger | undefined;

/** Returns the logger. It is created with the first line, because creating it slows down a cold start. */
function logger(): LineLogger {
  instance ??= new LineLogger({ serviceName: SERVICE });
  return instance;
}

const write = (level: Level, message: string, details: Details): void =>
  writeLine(STREAMS[level], () => logger()[level](message, details), logDropped);

/** Logs how many lines of the log and the metrics were dropped, because nobody read the stream. */
const logDropped = (lines: number, stream: string): void =>
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

/** What makes a line of the log one of metrics too; see `metrics.ts`. */
export interface LineMetrics {
  /** The metrics and their dimensions, besides the service. */
  members: Details;
  /** The member `_aws`, as JSON. */
  aws: string;
}

/** What each line of a level has besides its time, as JSON; undefined if the level is not logged. */
const constants = new Map<Level, string | undefined>();

function constantsOf(level: Level): string | undefined {
  if (!constants.has(level)) {
    const members = logger().membersOf(level);
    constants.set(level, members && membersOf(members));
  }
  return constants.get(level);
}

/**
 * Writes a line of the log that also has metrics, in Powertools' formats. If its level is not logged, it has only the
 * metrics. Powertools' own calls would take most of the time of a request that this service takes itself.
 *
 * @param details at least one member
 * @param metrics undefined if they are disabled
 */
export function logWithMetrics(
  level: 'info' | 'error',
  message: 'request' | 'task',
  details: Details,
  metrics: LineMetrics | undefined,
): void {
  const constant = constantsOf(level);
  if (constant === undefined) {
    writeMetrics(metrics);
    return;
  }
  const trace = getXRayTraceIdFromEnv();
  const traced = trace === undefined ? '' : `"xray_trace_id":${JSON.stringify(trace)},`;
  const time = new Date().toISOString();
  const rest = metrics
    ? withMetrics({ ...details, ...metrics.members }, metrics)
    : membersOf(details);
  writeText(
    STREAMS[level],
    `{"level":"${level.toUpperCase()}","message":"${message}","timestamp":"${time}",${constant},${traced}${rest}}\n`,
  );
}

/** Writes a line that has only metrics, unless they are disabled. */
export function writeMetrics(metrics: LineMetrics | undefined): void {
  if (!metrics) return;
  const members = { service: SERVICE, ...metrics.members };
  writeText('stdout', `{${withMetrics(members, metrics)}}\n`);
}

/** Returns the members of an object as JSON, without the braces. */
const membersOf = (object: Details): string => JSON.stringify(object).slice(1, -1);

const withMetrics = (members: Details, { aws }: LineMetrics): string =>
  `${membersOf(members)},"_aws":${aws}`;

const writeText = (stream: 'stdout' | 'stderr', text: string): void =>
  writeLine(stream, () => process[stream].write(text), logDropped);

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
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
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
