import type { Connection } from 'mongoose';
import type { ManagedConnection } from './connection.ts';
import { FairShare } from './fair-share.ts';
import { LeasedCache, type Limit } from './leases.ts';

/** `ConnectionStates.connected`. This package does not import mongoose. */
const CONNECTED = 1;

/** A database handle that stays open until the lease is disposed of: `using lease = await databases.lease(name)`. */
export interface DatabaseLease extends Disposable {
  readonly connection: Connection;
}

/** The options of {@link leaseDatabases}. */
export interface DatabaseOptions {
  /** The maximum number of idle handles. A function is called each time, so it may return a setting loaded later. */
  limit: Limit;
  /**
   * The maximum number of concurrent leases of one database; further ones wait for their turn. Choose less than
   * `maxPoolSize`, so that a database that does not respond cannot occupy every socket of the pool that all of them
   * share. A function is called each time. The default is no maximum.
   */
  leasesPerDatabase?: Limit;
  /**
   * Returns whether a database of this name may be opened. Validate against a list or a strict pattern: an
   * unvalidated name can open any database of the server, `useDb('constructor')` returns a function instead of a
   * connection, and `useDb('')` opens the default database.
   */
  isAllowed: (name: string) => boolean;
  /** Returns the handle of a database. The default is `connection.useDb(name, { useCache: true })`. */
  useDb?: (connection: Connection, name: string) => Connection;
  /** Receives what happens to the handles, such as to count them. */
  onHandle?: (event: 'opened' | 'evicted') => void;
}

/** Database handles that share the pool of one connection; see {@link leaseDatabases}. */
export interface LeasedDatabases {
  /**
   * Leases the handle of a database until the lease is disposed of. Opens the base connection if necessary, and waits
   * while the database has `leasesPerDatabase` leases. A caller that leases several databases at once must lease them
   * in one order, such as that of their names: otherwise two callers could wait for each other.
   *
   * @param signal ends the wait for the base connection and for other leases
   * @throws {RangeError} if `isAllowed` returns false for `name`
   * @throws what the base's `open` and `ping` throw, or the reason of `signal`
   */
  lease(name: string, signal?: AbortSignal): Promise<DatabaseLease>;
  /** The number of handles, both leased and idle. */
  readonly size: number;
  /** Removes every idle handle. */
  clear(): void;
}

const useCachedDb = (connection: Connection, name: string): Connection =>
  connection.useDb(name, { useCache: true });

/**
 * Leases databases that share the pool of `base`, such as one database per tenant.
 *
 * Mongoose keeps every child connection that `useDb()` creates, about 10 KB each with one model. Removing a child
 * while a request uses it fails that request ("Connection was force closed"). A lease therefore protects a handle
 * while it is in use; beyond `limit` handles, the least recently used idle one is removed.
 *
 * @example
 * const tenants = leaseDatabases(base, {
 *   limit: 50,
 *   isAllowed: (name) => /^tenant_[a-z0-9]{1,20}$/.test(name),
 * });
 * using tenant = await tenants.lease('tenant_acme');
 * await bindModel(Product, tenant.connection).find();
 */
export function leaseDatabases(
  base: ManagedConnection,
  {
    limit,
    leasesPerDatabase = Number.POSITIVE_INFINITY,
    isAllowed,
    useDb = useCachedDb,
    onHandle,
  }: DatabaseOptions,
): LeasedDatabases {
  const share = new FairShare(leasesPerDatabase);
  // A handle stays valid when `base` closes and reconnects: mongoose passes the new client to each child.
  const handles = new LeasedCache<string, { parent: Connection; child: Connection }>(limit, {
    open: (name) => {
      const parent = base.opened;
      if (!parent) throw new Error('The base connection was closed while its database was opening');
      const child = useDb(parent, name);
      onHandle?.('opened');
      return { parent, child };
    },
    close: (_, { parent, child }) => {
      parent.removeDb(child.name);
      onHandle?.('evicted');
    },
  });

  async function lease(name: string, signal?: AbortSignal): Promise<DatabaseLease> {
    if (!handles.has(name) && !isAllowed(name))
      throw new RangeError('This database name is not allowed');
    const turn = share.take(name, signal);
    if (turn) await turn;
    try {
      // Before the base has connected, useDb() returns a child that looks connected but is not.
      const parent = await base.open(signal);
      // While mongoose considers the base disconnected, the child has no `db`. A ping waits for the server and updates
      // that state. After a freeze the ping is usually unnecessary, but nothing else tells the two cases apart.
      if (parent.readyState !== CONNECTED) await base.ping(signal);
      const handle = handles.lease(name, () => share.giveBack(name));
      return { connection: handle.value.child, [Symbol.dispose]: handle[Symbol.dispose] };
    } catch (error) {
      share.giveBack(name);
      throw error;
    }
  }

  return {
    lease,
    get size() {
      return handles.size;
    },
    clear: () => handles.closeIdle(),
  };
}
