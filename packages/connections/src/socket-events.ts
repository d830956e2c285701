import type { mongo } from 'mongoose';

/**
 * What happened to a socket: it was opened or closed; an operation got none in time (`failed`); or an operation got one
 * after it had waited for more than {@link LONG_WAIT_MS} (`waited`).
 */
export type SocketEvent = 'opened' | 'closed' | 'failed' | 'waited';

/** Longer than opening a socket takes within a region. */
const LONG_WAIT_MS = 100;

/** Reports the sockets that a client's operations use, from when it has connected: it has opened the first one then. */
export function observeSockets(
  client: mongo.MongoClient,
  onSocket: (event: SocketEvent) => void,
): void {
  onSocket('opened');
  client.on('connectionCreated', () => onSocket('opened'));
  client.on('connectionClosed', () => onSocket('closed'));
  client.on('connectionCheckOutFailed', () => onSocket('failed'));
  client.on('connectionCheckedOut', ({ durationMS }) => {
    if (durationMS > LONG_WAIT_MS) onSocket('waited');
  });
}
