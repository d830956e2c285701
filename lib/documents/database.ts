import { abortable, retryOnce } from '@manystore/connections';
import type { Connection } from 'mongoose';
import { ping } from '../connections.ts';
import type { Server } from '../runtime/servers.ts';

/** Drops a database. It may run twice. The server finishes what it has begun when `signal` is aborted. */
export async function dropDatabase(database: Connection, signal: AbortSignal): Promise<void> {
  await retryOnce(() => abortable(database.dropDatabase(), signal));
}

/**
 * Waits for an answer of a server, and tries once more when the connection broke.
 *
 * @throws what the driver throws when no answer comes
 */
export async function requireServer(server: Server, signal: AbortSignal): Promise<void> {
  await retryOnce(() => ping(server, signal));
}
