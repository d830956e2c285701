import { deadlineIn, monotonicMs } from '@manystore/connections';
import { openClusters, ping, pingCluster } from '../connections.ts';
import { SERVER_NAMES, type Server } from '../runtime/servers.ts';
import type { Health } from './schema.ts';

type Connections = Health['connections'];
type Ping = Connections[Server];

/**
 * The time limit for each server: long enough for a first connection, and for replacing the sockets that broke during a
 * freeze; short enough for a monitor. While a server is known not to respond, it takes at most 1 s.
 */
const TIMEOUT_MS = 5_000;

/**
 * Pings all servers concurrently, and the clusters that this container is connected to. One that does not respond within
 * 5 s is down. Without the primary, the service is down; without another one it is degraded, because the other stores
 * still work.
 */
export async function checkHealth(
  signal: AbortSignal,
): Promise<Omit<Health, 'status'> & { status: Health['status'] | 'down' }> {
  const [servers, others] = await Promise.all([
    Promise.all(
      SERVER_NAMES.map(
        async (server) =>
          [server, await timePing((either) => ping(server, either), signal)] as const,
      ),
    ),
    Promise.all(
      openClusters().map((name) => timePing((either) => pingCluster(name, either), signal)),
    ),
  ]);
  const connections = Object.fromEntries(servers) as Connections;
  const up = others.filter(({ status }) => status === 'up').length;
  const clusters = { up, down: others.length - up };
  if (connections.primary.status === 'down') return { status: 'down', connections, clusters };
  const isComplete = clusters.down === 0 && servers.every(([, { status }]) => status === 'up');
  return { status: isComplete ? 'ok' : 'degraded', connections, clusters };
}

async function timePing(
  send: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<Ping> {
  using timeout = deadlineIn(TIMEOUT_MS);
  const either = AbortSignal.any([signal, timeout.signal]);
  const start = monotonicMs();
  const status = await send(either).then(
    () => 'up' as const,
    () => 'down' as const,
  );
  return { status, ms: Math.round(monotonicMs() - start) };
}
