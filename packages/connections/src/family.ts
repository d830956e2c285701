import type { ManagedConnection } from './connection.ts';
import { abortable, deadlineIn } from './deadline.ts';
import { LeasedCache, type Limit } from './leases.ts';

/** A connection that stays in its family until the lease is disposed of. */
export interface ConnectionLease extends Disposable {
  readonly connection: ManagedConnection;
}

/** What a {@link connectionFamily} consists of. */
export interface FamilyOptions {
  /** How many connections to keep when none is held. A function is asked each time. */
  limit: Limit;
  /** Returns the connection of a name, not opened yet. It must return a new one each time. */
  manage: (name: string) => ManagedConnection;
  /** How long `lease` waits for evicted connections to close, in milliseconds. */
  closeTimeoutMs?: number;
}

/** Connections that are named at run time; see {@link connectionFamily}. */
export interface ConnectionFamily {
  /**
   * Holds the connection called `name` until the lease is disposed of. The connection need not be open:
   * call its `open`, and use it only while the lease is held.
   *
   * @param signal ends the wait for evicted connections to close
   * @throws what `manage` throws, or the reason of `signal`
   */
  lease(name: string, signal?: AbortSignal): Promise<ConnectionLease>;
  /** The names of the kept connections, least recently used first. */
  names(): string[];
  /** How many connections there are, held ones and ones that are still closing included. */
  readonly size: number;
  /** Reports a failed operation to every kept connection; see {@link ManagedConnection.reportFailure}. */
  reportFailure(error: unknown): void;
  /** Closes every connection, held ones too, and waits until all are closed. */
  close(): Promise<void>;
}

/**
 * Keeps a bounded number of connections whose names are known at run time only, such as a cluster per tenant.
 *
 * Each connection has a pool, so a container that serves many tenants would fill its clusters' connection
 * limits. At most `limit` connections are kept. The least recently used one that nobody holds is closed as
 * soon as there are more, and the call to `lease` that causes this waits for it, because a frozen container
 * would not finish a close in the background: its sockets would stay open on the server. While more than
 * `limit` are held at once, all of them stay.
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
    get size() {
      return size();
    },
    reportFailure: (error) => {
      for (const connection of kept.values()) connection.reportFailure(error);
    },
    close,
  };
}
