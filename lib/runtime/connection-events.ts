import type { ConnectionEvent } from '@manystore/connections';
import { describeError, log } from './log.ts';
import { countConnectionEvent } from './metrics.ts';
import type { Server } from './servers.ts';

const GOOD_NEWS = new Set<ConnectionEvent>(['connected', 'reconnected', 'circuitClosed']);

/**
 * Logs and counts an event of a connection. The log names the cluster; the metric counts all clusters together, because
 * CloudWatch charges for each combination of dimensions.
 *
 * @param connection the name of a server, or of a cluster
 */
export function reportEvent(
  connection: { server: Server } | { cluster: string },
  event: ConnectionEvent,
  error?: unknown,
): void {
  const name = 'server' in connection ? connection.server : connection.cluster;
  const details = { connection: name, ...(error ? { error: describeError(error) } : {}) };
  if (GOOD_NEWS.has(event)) log.info(`connection.${event}`, details);
  else log.warn(`connection.${event}`, details);
  countConnectionEvent('server' in connection ? name : CLUSTER, event);
}

/** Logs and counts that a cluster has no connection string, or its server rejects it. An alarm watches the metric. */
export function reportUnavailable(cluster: string, error: unknown): void {
  log.error('cluster.unavailable', { cluster, error: describeError(error) });
  countConnectionEvent(CLUSTER, 'unavailable');
}

/** The name of every cluster in the metrics. */
const CLUSTER = 'cluster';
