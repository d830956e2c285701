import type { ConnectOptions } from 'mongoose';
import { tlsOptions } from './tls.ts';

/** What a function chooses for its pool; see {@link containerOptions}. */
export interface ContainerSettings {
  /** The most sockets that this container opens to each server. */
  maxPoolSize: number;
  /** What the server's log calls this client, such as the name of the function. */
  appName?: string;
}

/** MongoDB refuses a longer name. */
const MAX_APP_NAME_LENGTH = 128;

/**
 * Returns the connect options for a container that is frozen between its calls, such as one of Lambda. Every
 * wait ends well before the 30 s after which an API gateway gives up.
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
    // Containers times pool size must stay below the connection limit of the cluster.
    maxPoolSize,
    // No socket is opened before it is needed: many containers serve a single request.
    minPoolSize: 0,
    // A network drops idle sockets without notice, and a frozen container cannot see it: close them first.
    maxIdleTimeMS: 60_000,
    // Without a server the driver would wait for 30 s: a caller needs time to answer and to try again.
    serverSelectionTimeoutMS: 5_000,
    connectTimeoutMS: 3_000,
    // The driver's default is no limit: a command whose server went silent would wait until the call ends.
    socketTimeoutMS: 10_000,
    // The default is no limit: requests would queue for a pool that is used up.
    waitQueueTimeoutMS: 5_000,
    // The driver repeats what a broken socket or an election interrupted, once, without doubling a write.
    retryReads: true,
    retryWrites: true,
    // An acknowledged write survives an election.
    writeConcern: { w: 'majority' },
  };
}
