import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { codeCache } from './code-cache.ts';

// CloudWatch's embedded metric format: a line in the log, no call over the network. What a function
// here adds it also publishes before it returns: several requests may run in one process.
let metrics: Metrics | undefined;
function counted(): Metrics {
  metrics ??= new Metrics({ namespace: 'Manystore', serviceName: 'manystore' });
  return metrics;
}

/**
 * Counts one answered request: its time in milliseconds, and whether it was a fault of ours or the container's first.
 * With a first one goes whether the function's compiled code was of use.
 */
export function countRequest(
  operation: string,
  { status, ms, coldStart }: { status: number; ms: number; coldStart: boolean },
): void {
  const metrics = counted();
  metrics.addDimensions({ operation });
  metrics.addMetric('Duration', MetricUnit.Milliseconds, ms);
  metrics.addMetric('Faults', MetricUnit.Count, status >= 500 ? 1 : 0);
  metrics.addMetric('ColdStarts', MetricUnit.Count, coldStart ? 1 : 0);
  if (coldStart && codeCache)
    metrics.addMetric('CodeCacheRejected', MetricUnit.Count, codeCache === 'rejected' ? 1 : 0);
  metrics.publishStoredMetrics();
}

/** Counts one event of a connection, such as `disconnected` of the `primary`. */
export function countConnectionEvent(connection: string, event: string): void {
  const metrics = counted();
  metrics.addDimensions({ connection, event });
  metrics.addMetric('ConnectionEvents', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
}
