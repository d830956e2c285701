import { deadlineIn } from '@manystore/connections';
import type { Connection } from 'mongoose';
import { ping, primary, secondary } from '../connections.ts';
import type { Health } from './schema.ts';

type Connections = Health['connections'];

/** Long enough to connect from cold, short enough for whoever watches. */
const PATIENCE_MS = 3_000;

/**
 * Pings both servers at the same time; one that does not answer within 3 s is down. Without the primary
 * the service is down; without the secondary it is degraded, since stores and catalogs go on.
 */
export async function checkHealth(
  signal: AbortSignal,
): Promise<{ status: Health['status'] | 'down'; connections: Connections }> {
  const [first, second] = await Promise.all([
    timePing(primary, signal),
    timePing(secondary, signal),
  ]);
  const connections = { primary: first, secondary: second };
  if (first.status === 'down') return { status: 'down', connections };
  return { status: second.status === 'up' ? 'ok' : 'degraded', connections };
}

async function timePing(
  open: (signal: AbortSignal) => Promise<Connection>,
  signal: AbortSignal,
): Promise<Connections['primary']> {
  using patience = deadlineIn(PATIENCE_MS);
  const either = AbortSignal.any([signal, patience.signal]);
  const start = performance.now();
  const status = await open(either)
    .then((connection) => ping(connection, either))
    .then(
      () => 'up' as const,
      () => 'down' as const,
    );
  return { status, ms: Math.round(performance.now() - start) };
}
