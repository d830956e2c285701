import type { mongo } from 'mongoose';

/**
 * What happened to a socket: it was opened or closed; an operation got none in time (`failed`); or an operation got one
 * after it had waited for more than {@link LONG_WAIT_MS} (`waited`).
 */
export type SocketEvent = 'opened' | 'closed' | 'failed' | 'waited';

/** Longer than opening a socket takes within a region. */
const LONG_WAIT_MS = 100;

/** Receives the events of sockets; `error` is the reason why an operation got none. */
export type SocketListener = (event: SocketEvent, error?: unknown) => void;

/** Reports the sockets that a client's operations use, from when it has connected: it has opened the first one then. */
export function observeSockets(client: mongo.MongoClient, onSocket: SocketListener): void {
  onSocket('opened');
  client.on('connectionCreated', () => onSocket('opened'));
  client.on('connectionClosed', () => onSocket('closed'));
  // The driver's types leave out the member `error` of this event.
  client.on('connectionCheckOutFailed', (event: { error?: unknown }) =>
    onSocket('failed', event.error),
  );
  client.on('connectionCheckedOut', ({ durationMS }) => {
    if (durationMS > LONG_WAIT_MS) onSocket('waited');
  });
}
