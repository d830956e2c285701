import type { Connection, mongo } from 'mongoose';
import { isOfClass } from './error-kind.ts';

/** Returns the server that accepts writes, as the driver last described it, or undefined if it knows none. */
export function writableServer(connection: Connection): mongo.ServerDescription | undefined {
  const servers = connection.getClient()?.topology?.description.servers;
  return [...(servers?.values() ?? [])].find(({ isWritable }) => isWritable);
}

/**
 * Returns the servers as the driver saw them when a server selection failed.
 *
 * @returns undefined if `error` is any other error
 */
export function failedSelection(error: unknown): mongo.TopologyDescription | undefined {
  const isSelection =
    isOfClass(error, 'MongoServerSelectionError') ||
    isOfClass(error, 'MongooseServerSelectionError');
  return isSelection ? (error.reason as mongo.TopologyDescription | undefined) : undefined;
}

/** Whether no server sent anything: each accepts sockets or drops packets, but does not refuse them. */
export const isSilent = ({ servers }: mongo.TopologyDescription): boolean =>
  [...servers.values()].every(
    ({ type, error }) =>
      type === 'Unknown' && (error === null || isOfClass(error, 'MongoNetworkTimeoutError')),
  );

/** The sockets that operations of one client use. */
export interface PoolUse {
  /** Whether an operation would have to wait for another one to end. */
  readonly isExhausted: boolean;
  /** How many times an operation got a socket. */
  readonly checkouts: number;
}

/** Counts the sockets that a client's operations use from now on. */
export function watchPool(client: mongo.MongoClient): PoolUse {
  const { maxPoolSize } = client.options;
  let inUse = 0;
  let checkouts = 0;
  client.on('connectionCheckedOut', () => {
    inUse += 1;
    checkouts += 1;
  });
  client.on('connectionCheckedIn', () => {
    inUse -= 1;
  });
  return {
    get isExhausted() {
      return maxPoolSize > 0 && inUse >= maxPoolSize;
    },
    get checkouts() {
      return checkouts;
    },
  };
}
