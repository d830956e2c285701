import type { ConnectionEvent, SocketEvent } from '@manystore/connections';
import { describeError, log } from './log.ts';
import { count, countConnectionEvent } from './metrics.ts';
import type { Server } from './servers.ts';

/** What a connection leads to. */
type Connected = { server: Server } | { cluster: string };

/** An event of a connection; `evicted` means that it was closed in favor of the connection to another cluster. */
type Event = ConnectionEvent | 'evicted';

const EXPECTED = new Set<Event>(['connected', 'reconnected', 'circuitClosed', 'evicted']);

/**
 * Logs and counts an event of a connection. The log names the cluster; the metric counts all clusters together, because
 * CloudWatch charges for each combination of dimensions.
 *
 * @param connection the name of a server, or of a cluster
 */
export function reportEvent(connection: Connected, event: Event, error?: unknown): void {
  const name = 'server' in connection ? connection.server : connection.cluster;
  const details = { connection: name, ...(error ? { error: describeError(error) } : {}) };
  if (EXPECTED.has(event)) log.info(`connection.${event}`, details);
  else log.warn(`connection.${event}`, details);
  countConnectionEvent('server' in connection ? name : CLUSTER, event);
}

const SOCKET_COUNTERS = {
  opened: 'SocketsOpened',
  closed: 'SocketsClosed',
  failed: 'SocketsFailed',
  waited: 'PoolWaits',
} as const satisfies Record<SocketEvent, string>;

/** Counts what happened to a socket of a connection. */
export const countSocket = (connection: Connected, event: SocketEvent): void =>
  count(SOCKET_COUNTERS[event], 'server' in connection ? connection.server : CLUSTER);

/** Logs and counts that a cluster has no connection string, or its server rejects it. An alarm watches the metric. */
export function reportUnavailable(cluster: string, error: unknown): void {
  log.error('cluster.unavailable', { cluster, error: describeError(error) });
  countConnectionEvent(CLUSTER, 'unavailable');
}

/** The name of every cluster in the metrics. */
const CLUSTER = 'cluster';
