import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { codeCache } from './code-cache.ts';
import { logDropped } from './log.ts';
import { writeLine } from './output.ts';
import { metricsNamespace } from './settings.ts';

/*
 * Metrics in CloudWatch's embedded metric format, which are log lines and need no network call. Each function publishes
 * its metrics before it returns, because concurrent requests share the process.
 */

const metricsByDimensions = new Map<string, Metrics>();

/** Returns the metrics with some dimensions. They are created when first used, to keep the cold start short. */
function metricsOf(dimensions: Record<string, string>): Metrics {
  const key = Object.values(dimensions).join('.');
  let metrics = metricsByDimensions.get(key);
  if (!metrics) {
    metrics = new Metrics({
      namespace: metricsNamespace(),
      serviceName: 'manystore',
      defaultDimensions: dimensions,
    });
    metricsByDimensions.set(key, metrics);
  }
  return metrics;
}

/** Writes one line with the metrics that `add` adds. */
function publish(dimensions: Record<string, string>, add: (metrics: Metrics) => void): void {
  const write = () => {
    const metrics = metricsOf(dimensions);
    add(metrics);
    metrics.publishStoredMetrics();
  };
  writeLine('stdout', write, logDropped);
}

/**
 * Counts a request: its duration in milliseconds, whether it failed with a 5xx status, and whether it was the first of
 * the container. For a first request, it also counts whether V8 rejected the function's compiled code.
 */
export function countRequest(
  operation: string,
  { status, ms, coldStart }: { status: number; ms: number; coldStart: boolean },
): void {
  publish({ operation }, (metrics) => {
    metrics.addMetric('Duration', MetricUnit.Milliseconds, ms);
    metrics.addMetric('Faults', MetricUnit.Count, status >= 500 ? 1 : 0);
    if (coldStart) metrics.addMetric('ColdStarts', MetricUnit.Count, 1);
    if (coldStart && codeCache)
      metrics.addMetric('CodeCacheRejected', MetricUnit.Count, codeCache === 'rejected' ? 1 : 0);
  });
  if (status >= 500) count('Faults');
  publishCounts();
}

/** Publishes the numbers of a task's result under their own names, such as `failed` of `sync-mirror`. */
export function countTask(operation: string, figures: Readonly<Record<string, number>>): void {
  publish({ operation }, (metrics) => {
    for (const [name, value] of Object.entries(figures))
      metrics.addMetric(name, MetricUnit.NoUnit, value);
  });
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

function publishCounts(): void {
  for (const [connection, of] of counts)
    publish(connection ? { connection } : {}, (metrics) => {
      for (const [name, value] of of) metrics.addMetric(name, MetricUnit.Count, value);
    });
  counts.clear();
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
  publish({ connection, event }, (metrics) =>
    metrics.addMetric('ConnectionEvents', MetricUnit.Count, 1),
  );
}
