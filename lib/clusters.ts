import {
  connectionFamily,
  containerOptions,
  type DatabaseLease,
  isSignInFailure,
  type LeasedDatabases,
  leaseDatabases,
  type ManagedConnection,
  manageConnection,
} from '@manystore/connections';
import mongoose, { type Connection, type ConnectOptions } from 'mongoose';
import {
  ClusterUnavailable,
  clusterString,
  distrustClusterString,
  lastClusterString,
} from './runtime/cluster-strings.ts';
import { observed, reportEvent, reportUnavailable } from './runtime/connection-events.ts';
import { count } from './runtime/metrics.ts';
import { settings, tracing } from './runtime/settings.ts';
import { databaseOf, isStoreDatabase, type StorePlace } from './store-id.ts';

/*
 * The connections to the clusters other than the primary, one pool for each. Only `connections.ts` uses this file.
 *
 * A container keeps at most `CLUSTER_LIMIT` of them. The first request for a store of a cluster opens its connection. It
 * may close the one that was least recently used, and waits for that, because nothing runs in a frozen container.
 */

const clusters = connectionFamily({
  limit: () => settings().clusters.limit,
  manage: (name) => {
    let openedWith: string | undefined;
    const cluster = manageConnection({
      connection: () => mongoose.createConnection(),
      ...observed(
        { cluster: name },
        async (connection) => {
          openedWith = await clusterString(name);
          await connection.openUri(
            openedWith,
            optionsFor(openedWith, settings().clusters.poolSize),
          );
        },
        // The password was changed while the connection was open. The next request reads the connection string again.
        (error) => {
          distrustClusterString(name);
          reportUnavailable(name, error);
        },
      ),
      isOutdated: () => openedWith !== lastClusterString(name),
      onEvent(event, error) {
        if (clusters.connections().includes(cluster)) reportEvent({ cluster: name }, event, error);
        else if (event === 'close') reportEvent({ cluster: name }, 'evicted');
      },
    });
    storesByCluster.set(
      cluster,
      leaseStores(cluster, () => settings().clusters.poolSize),
    );
    return cluster;
  },
});

const storesByCluster = new WeakMap<ManagedConnection, LeasedDatabases>();

/** Returns options for a container that is frozen between invocations. */
export const optionsFor = (uri: string, maxPoolSize: number): ConnectOptions => ({
  ...containerOptions(uri, { maxPoolSize, appName: settings().functionName }),
  ...(tracing() === 'off' ? {} : { monitorCommands: true }),
});

/**
 * Leases the databases of stores over the connection to their cluster.
 *
 * @param sockets returns the size of the connection's pool
 */
export const leaseStores = (cluster: ManagedConnection, sockets: () => number): LeasedDatabases =>
  leaseDatabases(cluster, {
    limit: () => settings().stores.handleLimit,
    // A store whose database does not respond leaves a socket to the others. Each request holds one lease of a store, and
    // sends its commands one after another. The limit is not per command: the commands of other requests may wait in the
    // server for a transaction, whose commit needs a socket.
    leasesPerDatabase: () => Math.max(1, sockets() - 1),
    isAllowed: isStoreDatabase,
    useDb: (connection, name) => connection.useDb(name, { useCache: true }),
    onHandle: (event) => count(event === 'opened' ? 'StoreHandlesOpened' : 'StoreHandlesEvicted'),
  });

/** An open connection, which is not closed until the lease is disposed of. */
interface OpenCluster extends DatabaseLease {
  readonly managed: ManagedConnection;
  readonly connection: Connection;
}

/** Leases a store's database on a cluster: see `leaseStore()` in `connections.ts`. */
export async function leaseStoreOn(
  { id, cluster }: StorePlace,
  signal?: AbortSignal,
): Promise<DatabaseLease> {
  const held = await leaseOpen(cluster, signal);
  try {
    const databases = storesByCluster.get(held.managed) as LeasedDatabases;
    const { connection, [Symbol.dispose]: dispose } = await databases.lease(databaseOf(id), signal);
    return {
      connection,
      [Symbol.dispose]: () => {
        dispose();
        held[Symbol.dispose]();
      },
    };
  } catch (error) {
    held[Symbol.dispose]();
    throw error;
  }
}

/**
 * Leases the connection to a cluster, after opening it if necessary.
 *
 * @throws {ClusterUnavailable} when it has no connection string, or its server rejects the user. An alarm is raised
 * @throws what `open()` of the connection throws
 */
export async function leaseOpen(name: string, signal?: AbortSignal): Promise<OpenCluster> {
  try {
    return await openWith(name, await clusterString(name), signal);
  } catch (error) {
    if (error instanceof ClusterUnavailable) reportUnavailable(name, error);
    throw error;
  }
}

/** Opens a cluster. If it rejects the user of the connection string, and the string was replaced, it uses the new one. */
async function openWith(name: string, uri: string, signal?: AbortSignal): Promise<OpenCluster> {
  const { connection: managed, [Symbol.dispose]: dispose } = await clusters.lease(name, signal);
  try {
    return { managed, connection: await managed.open(signal), [Symbol.dispose]: dispose };
  } catch (error) {
    dispose();
    if (!isSignInFailure(error)) throw error;
    distrustClusterString(name);
    const current = await clusterString(name);
    if (current !== uri) return openWith(name, current, signal);
    throw new ClusterUnavailable(name, 'rejects the user of its connection string', error);
  }
}

/** Returns the number of store databases over connections to clusters that this container has open. */
export const clusterHandleCount = (): number =>
  clusters
    .connections()
    .reduce((sum, cluster) => sum + (storesByCluster.get(cluster)?.size ?? 0), 0);

/** Returns the names of the clusters that this container has connections to. */
export const openClusters = (): string[] => clusters.names();

/** Reports that an operation failed: see `reportFailure()` in `connections.ts`. */
export const reportClusterFailure = (error: unknown): void => clusters.reportFailure(error);

/** Closes every connection to a cluster. */
export const closeClusters = (): Promise<void> => clusters.close();
