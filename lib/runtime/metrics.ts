import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { codeCache } from './code-cache.ts';

/*
 * CloudWatch's embedded metric format: a line in the log, no call over the network. What a function here adds it also
 * publishes before it returns: several requests may run in one process.
 */

const made = new Map<string, Metrics>();

/** The metrics of some dimensions, made with their first count: a container that starts need not wait for that. */
function metricsOf(dimensions: Record<string, string>): Metrics {
  const key = Object.values(dimensions).join('.');
  let metrics = made.get(key);
  if (!metrics) {
    metrics = new Metrics({
      namespace: 'Manystore',
      serviceName: 'manystore',
      defaultDimensions: dimensions,
    });
    made.set(key, metrics);
  }
  return metrics;
}

/**
 * Counts one answered request: its time in milliseconds, whether it was a fault of ours, and whether it was the
 * container's first. With a first one goes whether the function's compiled code was of use.
 */
export function countRequest(
  operation: string,
  { status, ms, coldStart }: { status: number; ms: number; coldStart: boolean },
): void {
  const metrics = metricsOf({ operation });
  metrics.addMetric('Duration', MetricUnit.Milliseconds, ms);
  metrics.addMetric('Faults', MetricUnit.Count, status >= 500 ? 1 : 0);
  if (coldStart) metrics.addMetric('ColdStarts', MetricUnit.Count, 1);
  if (coldStart && codeCache)
    metrics.addMetric('CodeCacheRejected', MetricUnit.Count, codeCache === 'rejected' ? 1 : 0);
  metrics.publishStoredMetrics();
}

/** Counts one event of a connection, such as `disconnected` of the `primary`. */
export function countConnectionEvent(connection: string, event: string): void {
  const metrics = metricsOf({ connection, event });
  metrics.addMetric('ConnectionEvents', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
}
