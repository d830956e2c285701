import { abortable, retryOnce } from '@manystore/connections';
import type { Connection } from 'mongoose';
import { ping } from '../connections.ts';
import type { Server } from '../runtime/servers.ts';
import { trackedWrite } from './tracked-write.ts';

/** Drops a database. It may run twice. Aborting `signal` ends the wait, but the server completes the drop. */
export async function dropDatabase(database: Connection, signal: AbortSignal): Promise<void> {
  await retryOnce(() =>
    trackedWrite(database, () => abortable(database.dropDatabase(), signal), { signal }),
  );
}

/**
 * Checks that a server responds to a ping. It retries once if the connection breaks.
 *
 * @throws the driver's error when the server does not respond
 */
export async function requireServer(server: Server, signal: AbortSignal): Promise<void> {
  await retryOnce(() => ping(server, signal));
}
