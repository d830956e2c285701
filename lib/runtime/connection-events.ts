import {
  type ConnectionEvent,
  type ConnectionSource,
  isSignInFailure,
  type SocketEvent,
} from '@manystore/connections';
import { describeError, log } from './log.ts';
import { count, countConnectionEvent } from './metrics.ts';
import type { Server } from './servers.ts';
import { span, traceCommands } from './traces.ts';

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
  countConnectionEvent(nameInMetrics(connection), event);
}

const SOCKET_COUNTERS = {
  opened: 'SocketsOpened',
  closed: 'SocketsClosed',
  failed: 'SocketsFailed',
  waited: 'PoolWaits',
} as const satisfies Record<SocketEvent, string>;

/**
 * Returns the source of a connection whose events are logged and counted, and whose opening and commands are traced.
 *
 * @param connect opens the connection
 * @param onRejected called when the server rejects the user for a further socket of the open connection
 */
export function observed(
  connection: Connected,
  connect: ConnectionSource['connect'],
  onRejected?: (error: unknown) => void,
): Omit<ConnectionSource, 'connection'> {
  const name = nameInMetrics(connection);
  return {
    connect: (handle) =>
      span(`connect ${name}`, async () => {
        await connect(handle);
        traceCommands(handle.getClient(), name);
      }),
    onEvent: (event, error) => reportEvent(connection, event, error),
    onSocket: (event, error) => {
      count(SOCKET_COUNTERS[event], name);
      if (isSignInFailure(error)) onRejected?.(error);
    },
  };
}

/** Logs and counts that a cluster has no connection string, or its server rejects it. An alarm watches the metric. */
export function reportUnavailable(cluster: string, error: unknown): void {
  log.error('cluster.unavailable', { cluster, error: describeError(error) });
  countConnectionEvent(CLUSTER, 'unavailable');
}

/** The name of every cluster in the metrics and traces. */
const CLUSTER = 'cluster';

const nameInMetrics = (connection: Connected): string =>
  'server' in connection ? connection.server : CLUSTER;
