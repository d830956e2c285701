import type { ConnectOptions } from 'mongoose';
import { tlsOptions } from './tls.ts';

/** The settings of one function's pool; see {@link containerOptions}. */
export interface ContainerSettings {
  /** The maximum number of sockets that this container opens to each server. */
  maxPoolSize: number;
  /** The name of this client in the server's log, such as the name of the function. */
  appName?: string;
}

/** MongoDB rejects a longer name. */
const MAX_APP_NAME_LENGTH = 128;

/**
 * Returns the connect options for a container that is frozen between invocations, such as a Lambda container.
 * Every timeout is well below 30 s, the timeout of an API gateway.
 *
 * @throws {Error} when the connection string switches TLS off for a remote server; see {@link tlsOptions}
 * @example
 * await mongoose.connect(uri, containerOptions(uri, { maxPoolSize: 5, appName: 'orders' }));
 */
export function containerOptions(
  connectionString: string,
  { maxPoolSize, appName }: ContainerSettings,
): ConnectOptions {
  return {
    ...tlsOptions(connectionString),
    ...(appName === undefined ? {} : { appName: appName.slice(0, MAX_APP_NAME_LENGTH) }),
    // The number of containers times this size must stay below the cluster's connection limit.
    maxPoolSize,
    // Open no socket before it is needed: many containers serve a single request.
    minPoolSize: 0,
    // Networks drop idle sockets silently, and a frozen container cannot notice. Close idle sockets earlier.
    maxIdleTimeMS: 60_000,
    // The default is 30 s. A shorter wait leaves time to send an error response, and for the client to retry.
    serverSelectionTimeoutMS: 5_000,
    connectTimeoutMS: 3_000,
    // The default is no timeout: if the server stopped responding, a command would wait until the invocation ends.
    socketTimeoutMS: 10_000,
    // The default is no timeout: requests would wait for a free socket indefinitely.
    waitQueueTimeoutMS: 5_000,
    // The driver retries once after a broken socket or an election. It never applies a write twice.
    retryReads: true,
    retryWrites: true,
    // An acknowledged write survives an election.
    writeConcern: { w: 'majority' },
  };
}
