import type { Connection } from 'mongoose';
import type { ManagedConnection } from './connection.ts';
import { LeasedCache, type Limit } from './leases.ts';

/** `ConnectionStates.connected`, written out because nothing here loads mongoose. */
const CONNECTED = 1;

/** A database that stays open until the lease is disposed of: `using lease = await databases.lease(name)`. */
export interface DatabaseLease extends Disposable {
  readonly connection: Connection;
}

/** How {@link leaseDatabases} opens databases. */
export interface DatabaseOptions {
  /** How many handles to keep when none is held. A function is asked each time, so it may read late settings. */
  limit: Limit;
  /**
   * Whether a database of this name may be opened. Check against a list or a strict pattern: a name that
   * reaches `useDb()` unchecked opens any database of the server, `useDb('constructor')` returns a function
   * instead of a connection, and `useDb('')` opens the default database.
   */
  admits: (name: string) => boolean;
  /** Returns the handle of a database; by default `connection.useDb(name, { useCache: true })`. */
  useDb?: (connection: Connection, name: string) => Connection;
}

/** Databases over the pool of one connection; see {@link leaseDatabases}. */
export interface LeasedDatabases {
  /**
   * Holds the handle of a database until the lease is disposed of, and opens the base connection if necessary.
   *
   * @param signal ends the wait for the base connection
   * @throws {RangeError} when `admits` refuses `name`
   * @throws what the base's `open` and `ping` throw
   */
  lease(name: string, signal?: AbortSignal): Promise<DatabaseLease>;
  /** How many handles are kept, held ones included. */
  readonly size: number;
  /** Removes every handle that nobody holds. */
  clear(): void;
}

const useCachedDb = (connection: Connection, name: string): Connection =>
  connection.useDb(name, { useCache: true });

/**
 * Leases databases that share the pool of `base`, such as one database per tenant.
 *
 * Mongoose keeps every child of `useDb()` for ever, about 10 KB each with a model, and a child that is
 * removed while a request uses it fails that request ("Connection was force closed"). So a handle is held
 * by a lease, at most `limit` handles are kept, and the least recently used one that nobody holds is removed.
 *
 * @example
 * const tenants = leaseDatabases(base, {
 *   limit: 50,
 *   admits: (name) => /^tenant_[a-z0-9]{1,20}$/.test(name),
 * });
 * using tenant = await tenants.lease('tenant_acme');
 * await bindModel(Product, tenant.connection).find();
 */
export function leaseDatabases(
  base: ManagedConnection,
  { limit, admits, useDb = useCachedDb }: DatabaseOptions,
): LeasedDatabases {
  // A handle outlives `base.close()` and a new connect: mongoose gives the new client to each child.
  const handles = new LeasedCache<string, { parent: Connection; child: Connection }>(limit, {
    open: (name) => {
      const parent = base.opened;
      if (!parent) throw new Error('The base connection was closed meanwhile');
      return { parent, child: useDb(parent, name) };
    },
    close: (_, { parent, child }) => parent.removeDb(child.name),
  });

  async function lease(name: string, signal?: AbortSignal): Promise<DatabaseLease> {
    if (!admits(name)) throw new RangeError('The name of the database is not admitted');
    // On a base that never connected, useDb() returns a child that only seems to work.
    const parent = base.opened ?? (await base.open(signal));
    // On a base that counts as disconnected, the child has no database. A ping waits until the server is
    // there; then the base counts as connected. After a frozen container it is one ping too many.
    if (parent.readyState !== CONNECTED) await base.ping(signal);
    const { value, [Symbol.dispose]: dispose } = handles.lease(name);
    return { connection: value.child, [Symbol.dispose]: dispose };
  }

  return {
    lease,
    get size() {
      return handles.size;
    },
    clear: () => handles.closeUnheld(),
  };
}
