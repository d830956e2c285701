import type { ManagedConnection } from './connection.ts';
import { abortable, deadlineIn } from './deadline.ts';
import { LeasedCache, type Limit } from './leases.ts';

/** A connection that is not evicted until the lease is disposed of. */
export interface ConnectionLease extends Disposable {
  readonly connection: ManagedConnection;
}

/** The options of {@link connectionFamily}. */
export interface FamilyOptions {
  /** The maximum number of idle connections. A function is called each time, so its result may change. */
  limit: Limit;
  /** Returns a new connection for `name`, not opened yet. */
  manage: (name: string) => ManagedConnection;
  /** How long `lease` waits for evicted connections to close, in milliseconds. The default is 100. */
  closeTimeoutMs?: number;
}

/** A bounded set of connections, each with a name; see {@link connectionFamily}. */
export interface ConnectionFamily {
  /**
   * Leases the connection called `name` until the lease is disposed of. The connection may not be open yet: call its
   * `open()`, and use it only while you hold the lease.
   *
   * @param signal ends the wait for evicted connections to close
   * @throws what `manage` throws, or the reason of `signal`
   */
  lease(name: string, signal?: AbortSignal): Promise<ConnectionLease>;
  /** The names of the kept connections, least recently used first. */
  names(): string[];
  /** The kept connections, least recently used first. */
  connections(): ManagedConnection[];
  /** The number of connections: leased, idle and still closing. */
  readonly size: number;
  /** Reports a failed operation to every kept connection; see {@link ManagedConnection.reportFailure}. */
  reportFailure(error: unknown): void;
  /** Closes every connection, including leased ones, and waits until all are closed. */
  close(): Promise<void>;
}

/**
 * Keeps a bounded number of connections whose names are known only at run time, such as a cluster per tenant.
 *
 * Each connection has its own pool, so a container that serves many tenants could exhaust its clusters' connection
 * limits. Beyond `limit` connections, the least recently used idle one is closed. The call to `lease` that causes
 * this waits for the close, because a container that is frozen cannot finish it in the background, and the sockets
 * would stay open on the server. While more than `limit` connections are leased at once, all of them stay open.
 *
 * @example
 * const clusters = connectionFamily({
 *   limit: 10,
 *   manage: (tenant) => manageConnection({
 *     connection: () => mongoose.createConnection(),
 *     connect: async (connection) => connection.openUri(await uriOf(tenant)),
 *   }),
 * });
 * using lease = await clusters.lease('acme');
 * const connection = await lease.connection.open();
 */
export function connectionFamily({
  limit,
  manage,
  closeTimeoutMs = 100,
}: FamilyOptions): ConnectionFamily {
  const closing = new Set<Promise<void>>();
  const kept = new LeasedCache<string, ManagedConnection>(limit, {
    open: manage,
    close: (_, connection) => {
      const closed = connection
        .close()
        .catch(() => {})
        .finally(() => closing.delete(closed));
      closing.add(closed);
    },
  });

  const size = () => kept.size + closing.size;

  async function waitUntilClosed(signal: AbortSignal | undefined): Promise<void> {
    using timeout = deadlineIn(closeTimeoutMs);
    const closed = abortable(Promise.all(closing), timeout.signal).catch(() => {});
    await abortable(closed, signal);
  }

  async function lease(name: string, signal?: AbortSignal): Promise<ConnectionLease> {
    const isNew = !kept.has(name);
    const { value, [Symbol.dispose]: dispose } = kept.lease(name);
    try {
      if (isNew && size() > kept.limit) await waitUntilClosed(signal);
    } catch (error) {
      dispose();
      throw error;
    }
    return { connection: value, [Symbol.dispose]: dispose };
  }

  async function close(): Promise<void> {
    const closed = kept.values().map((connection) => connection.close());
    kept.clear();
    await Promise.allSettled([...closed, ...closing]);
  }

  return {
    lease,
    names: () => kept.keys(),
    connections: () => kept.values(),
    get size() {
      return size();
    },
    reportFailure: (error) => {
      for (const connection of kept.values()) connection.reportFailure(error);
    },
    close,
  };
}
