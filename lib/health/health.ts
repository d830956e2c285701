import { deadlineIn } from '@manystore/connections';
import { ping } from '../connections.ts';
import { SERVER_NAMES, type Server } from '../runtime/servers.ts';
import type { Health } from './schema.ts';

type Connections = Health['connections'];

/**
 * The time limit for each server: long enough for a first connection, and for replacing the sockets that broke during a
 * freeze; short enough for a monitor. While a server is known not to respond, it takes at most 1 s.
 */
const TIMEOUT_MS = 5_000;

/**
 * Pings all servers concurrently. A server that does not respond within 5 s is down. Without the primary, the service
 * is down; without another server it is degraded, because stores and catalogs still work.
 */
export async function checkHealth(
  signal: AbortSignal,
): Promise<{ status: Health['status'] | 'down'; connections: Connections }> {
  const pings = await Promise.all(
    SERVER_NAMES.map(async (server) => [server, await timePing(server, signal)] as const),
  );
  const connections = Object.fromEntries(pings) as Connections;
  if (connections.primary.status === 'down') return { status: 'down', connections };
  const isComplete = pings.every(([, { status }]) => status === 'up');
  return { status: isComplete ? 'ok' : 'degraded', connections };
}

async function timePing(server: Server, signal: AbortSignal): Promise<Connections[Server]> {
  using timeout = deadlineIn(TIMEOUT_MS);
  const either = AbortSignal.any([signal, timeout.signal]);
  const start = performance.now();
  const status = await ping(server, either).then(
    () => 'up' as const,
    () => 'down' as const,
  );
  return { status, ms: Math.round(performance.now() - start) };
}
