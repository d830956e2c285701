import { describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import {
  connectionFamily,
  type FamilyOptions,
  type ManagedConnection,
  manageConnection,
} from '../src/index.ts';
import { serve } from './support/served.ts';
import { until } from './support/until.ts';

const { server, proxy } = await serve();

/** A family of connections to one server, each with its own pool. */
function familyOf(options: Partial<FamilyOptions> = {}) {
  const managed: string[] = [];
  const family = connectionFamily({
    limit: 2,
    manage: (name) => {
      managed.push(name);
      return manageConnection({
        connection: () => mongoose.createConnection(),
        connect: (connection) => connection.openUri(`${proxy.uri}&appName=${name}`),
      });
    },
    closeTimeoutMs: 10_000,
    ...options,
  });
  const visit = async (name: string) => {
    using lease = await family.lease(name);
    await lease.connection.ping();
  };
  return { family, managed, visit };
}

/** A connection whose close() ends when the test calls `finish`. */
function closable() {
  const closed = Promise.withResolvers<void>();
  let closes = 0;
  const connection: ManagedConnection = {
    open: () => Promise.reject(new Error('not opened here')),
    opened: undefined,
    reportFailure: () => {},
    ping: async () => {},
    close: () => {
      closes += 1;
      return closed.promise;
    },
  };
  return {
    connection,
    finish: closed.resolve,
    get closes() {
      return closes;
    },
  };
}

describe('a connection family', () => {
  it('creates a connection once while it is kept', async () => {
    const { family, managed, visit } = familyOf();
    for (const name of ['a', 'b', 'a', 'b']) await visit(name);
    expect(managed).toEqual(['a', 'b']);
    await family.close();
  });

  it('closes the least recently used connection before the next one opens', async () => {
    const { family, visit } = familyOf();
    for (const name of ['a', 'b', 'a']) await visit(name);
    const before = mongoose.connections.length;
    await visit('c');
    expect(family.names()).toEqual(['a', 'c']);
    expect(family.connections().map(({ opened }) => opened?.getClient().options.appName)).toEqual([
      'a',
      'c',
    ]);
    expect(family.size).toBe(2);
    expect(mongoose.connections).toHaveLength(before);
    await family.close();
  });

  it('leaves no more pools open than the limit after many tenants', async () => {
    const { family, visit } = familyOf();
    const before = mongoose.connections.length;
    for (let n = 0; n < 20; n++) await visit(`tenant-${n}`);
    expect(mongoose.connections.length - before).toBe(2);
    await family.close();
    await until(() => proxy.open === 0);
    expect(mongoose.connections).toHaveLength(before);
  });

  it('never closes a leased connection', async () => {
    const { family } = familyOf({ limit: 1 });
    const names = ['a', 'b', 'c'];
    const leases = await Promise.all(names.map((name) => family.lease(name)));
    expect(family.names()).toEqual(names);
    for (const lease of leases) await lease.connection.ping();
    for (const lease of leases) lease[Symbol.dispose]();
    expect(family.names()).toEqual(['c']);
    await until(() => family.size === 1);
    await family.close();
  });

  it('reads the limit each time', async () => {
    let limit = 3;
    const { family, visit } = familyOf({ limit: () => limit });
    for (const name of ['a', 'b', 'c']) await visit(name);
    limit = 1;
    await visit('c');
    expect(family.names()).toEqual(['c']);
    await family.close();
  });

  it('counts a pool until it is closed, and waits for the close no longer than its timeout', async () => {
    const slow = closable();
    const { family, visit } = familyOf({
      limit: 1,
      manage: (name) => (name === 'slow' ? slow.connection : closable().connection),
      closeTimeoutMs: 1,
    });
    await visit('slow');
    await visit('b');
    expect(slow.closes).toBe(1);
    expect(family.names()).toEqual(['b']);
    expect(family.size).toBe(2);
    slow.finish();
    await until(() => family.size === 1);
  });

  it('waits for a close only in a lease that adds a connection', async () => {
    const slow = closable();
    const { visit } = familyOf({
      limit: 1,
      manage: (name) => (name === 'slow' ? slow.connection : closable().connection),
    });
    await visit('slow');
    let isThere = false;
    const next = visit('b').then(() => {
      isThere = true;
    });
    await visit('b');
    expect(isThere).toBe(false);
    slow.finish();
    await next;
  });

  it('disposes of the lease when the signal ends the wait', async () => {
    const [slow, quick] = [closable(), closable()];
    quick.finish();
    const { family, visit } = familyOf({
      limit: 1,
      manage: (name) => (name === 'slow' ? slow.connection : quick.connection),
    });
    await visit('slow');
    const aborted = new Error('aborted');
    await expect(family.lease('b', AbortSignal.abort(aborted))).rejects.toBe(aborted);
    slow.finish();
    await visit('c');
    expect(family.names()).toEqual(['c']);
  });

  it('is not blocked by a server that stopped responding', async () => {
    const { family, visit } = familyOf({ limit: 1, closeTimeoutMs: 20 });
    await visit('a');
    server.freeze();
    using lease = await family.lease('b');
    expect(family.names()).toEqual(['b']);
    server.thaw();
    await lease.connection.ping();
    await until(() => family.size === 1);
    await family.close();
  });

  it('reports a failure to all connections, and only the affected one reconnects', async () => {
    const { family, visit } = familyOf();
    for (const name of ['a', 'b']) await visit(name);
    using a = await family.lease('a');
    using b = await family.lease('b');
    const opened = await a.connection.open();
    await proxy.shut();
    await a.connection.ping().catch(() => {});
    const error = await opened.db?.command({ ping: 1 }).catch((failure: unknown) => failure);
    family.reportFailure(error);
    expect(a.connection.opened).toBeUndefined();
    expect(b.connection.opened).toBeDefined();
    await proxy.listen();
    await a.connection.ping();
    await family.close();
  });

  it('keeps nothing for a name whose connection cannot be created', async () => {
    const family = connectionFamily({
      limit: 2,
      manage: () => {
        throw new RangeError('no such tenant');
      },
    });
    await expect(family.lease('a')).rejects.toThrow('no such tenant');
    expect(family.size).toBe(0);
  });
});
