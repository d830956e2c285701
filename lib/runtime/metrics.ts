import { codeCache } from './code-cache.ts';
import { type LineMetrics, writeMetrics } from './log.ts';
import { metricsSettings } from './settings.ts';

/*
 * Metrics in CloudWatch's embedded metric format, which needs no network call: the member `_aws` of a line names the
 * members of the same line that are metrics, and those that are their dimensions. So the line of a request in the log has
 * its metrics too. The format is that of Powertools' metrics; `docs/decisions.md` says why this does not use them.
 */

type Unit = 'Count' | 'Milliseconds' | 'None';
type Metric = [name: string, value: number, unit: Unit];

/** Metrics with the same dimensions. */
interface Group {
  /** In addition to the service. */
  dimensions: Readonly<Record<string, string>>;
  metrics: Metric[];
}

/** Returns the directive of some metrics, which names them for CloudWatch, as JSON. */
const directiveOf = ({ dimensions, metrics }: Group): string =>
  JSON.stringify({
    Namespace: metricsSettings().namespace,
    Dimensions: [['service', ...Object.keys(dimensions)]],
    Metrics: metrics.map(([Name, , Unit]) => ({ Name, Unit })),
  });

const withDirectives = (members: Record<string, unknown>, directives: string): LineMetrics => ({
  members,
  aws: `{"Timestamp":${Date.now()},"CloudWatchMetrics":[${directives}]}`,
});

/** Returns what a line needs for some metrics. A name has one value in all of the groups. */
function lineOf(groups: readonly Group[]): LineMetrics {
  const members: Record<string, unknown> = {};
  for (const { dimensions, metrics } of groups) {
    Object.assign(members, dimensions);
    for (const [name, value] of metrics) members[name] = value;
  }
  return withDirectives(members, groups.map(directiveOf).join());
}

/** Writes a line that has nothing but metrics. */
function write(group: Group): void {
  if (!metricsSettings().isDisabled) writeMetrics(lineOf([group]));
}

/** The outcome of a request or a task. */
export interface Outcome {
  operation: string;
  status: number;
  /** Its duration in milliseconds. */
  ms: number;
  /** Whether it was the first of the container. */
  coldStart: boolean;
}

/** The directive of a request that has only what every request has, as most have. */
let usualDirective: string | undefined;

/**
 * Returns the metrics of a request or a task for its line of the log: its duration, whether it failed with a 5xx status,
 * and what has been counted since the last line. For a first request, they include whether V8 rejected the compiled code.
 *
 * @param figures the numbers of a task's result, such as `failed` of `sync-mirror`
 * @returns undefined if metrics are disabled
 */
export function metricsOf(
  { operation, status, ms, coldStart }: Outcome,
  figures?: Readonly<Record<string, number>>,
): LineMetrics | undefined {
  const { isDisabled } = metricsSettings();
  const isFault = status >= 500;
  if (isFault) count('Faults');
  const own: Group = {
    dimensions: { operation },
    metrics: [
      ['Duration', ms, 'Milliseconds'],
      ['Faults', isFault ? 1 : 0, 'Count'],
    ],
  };
  if (!isDisabled && !coldStart && !figures && counts.size === 0) {
    usualDirective ??= directiveOf(own);
    return withDirectives({ operation, Duration: ms, Faults: 0 }, usualDirective);
  }
  if (coldStart) own.metrics.push(['ColdStarts', 1, 'Count']);
  if (coldStart && codeCache)
    own.metrics.push(['CodeCacheRejected', codeCache === 'rejected' ? 1 : 0, 'Count']);
  for (const name in figures) own.metrics.push([name, figures[name] ?? 0, 'None']);
  const groups = [own, ...takeCounts()];
  return isDisabled ? undefined : lineOf(groups);
}

/** What all functions count together, so that one alarm watches all of them. */
type Counter = 'Faults' | 'DeadlinesHit' | 'Retries' | 'StoreHandlesOpened' | 'StoreHandlesEvicted';

/** What is counted for each connection. */
type ConnectionCounter = 'SocketsOpened' | 'SocketsClosed' | 'SocketsFailed' | 'PoolWaits';

/** The counts since the last line of metrics: by connection, which is empty for the others, and by name. */
const counts = new Map<string, Map<string, number>>();

/** Counts an event. The next request that ends publishes it, since a line for each event would cost more than the event. */
export function count(name: Counter): void;
export function count(name: ConnectionCounter, connection: string): void;
export function count(name: string, connection = ''): void {
  const of = counts.get(connection) ?? new Map<string, number>();
  counts.set(connection, of.set(name, (of.get(name) ?? 0) + 1));
}

/**
 * Takes what has been counted since the last line. A line can name only one connection, so the counts of further
 * connections are written as lines of their own.
 */
function takeCounts(): Group[] {
  const groups: Group[] = [];
  let isNamed = false;
  for (const [connection, of] of counts) {
    const metrics = Array.from(of, ([name, value]): Metric => [name, value, 'Count']);
    const group = { dimensions: connection ? { connection } : {}, metrics };
    if (connection && isNamed) write(group);
    else groups.push(group);
    isNamed ||= connection !== '';
  }
  counts.clear();
  return groups;
}

/** Returns an operation that counts each of its runs after the first one as a retry. */
export function countingRetries<Args extends unknown[], R>(
  operation: (...args: Args) => R,
): (...args: Args) => R {
  let isRetry = false;
  return (...args) => {
    if (isRetry) count('Retries');
    isRetry = true;
    return operation(...args);
  };
}

/** Counts an event of a connection, such as `disconnected` of the `primary`. */
export function countConnectionEvent(connection: string, event: string): void {
  write({ dimensions: { connection, event }, metrics: [['ConnectionEvents', 1, 'Count']] });
}
