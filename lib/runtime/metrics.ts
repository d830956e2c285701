import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { codeCache } from './code-cache.ts';
import { logDropped } from './log.ts';
import { writeLine } from './output.ts';

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
      namespace: 'Manystore',
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
}

/** Counts an event of a connection, such as `disconnected` of the `primary`. */
export function countConnectionEvent(connection: string, event: string): void {
  publish({ connection, event }, (metrics) =>
    metrics.addMetric('ConnectionEvents', MetricUnit.Count, 1),
  );
}
