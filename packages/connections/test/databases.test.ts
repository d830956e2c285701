import { describe, expect, it, jest } from '@jest/globals';
import mongoose, { type Connection, Schema } from 'mongoose';
import {
  bindModel,
  type DatabaseLease,
  type DatabaseOptions,
  deadlineIn,
  leaseDatabases,
} from '../src/index.ts';
import { manage, serve } from './support/served.ts';

const { proxy } = await serve();

const isAllowed = (name: string) => /^tenant_\w{1,20}$/.test(name);

function setUp(options: Partial<DatabaseOptions> = {}) {
  const base = manage(proxy.uri);
  const databases = leaseDatabases(base, { limit: 3, isAllowed, ...options });
  return { base, databases };
}

/** The names of the child connections that mongoose keeps. */
const childrenOf = (connection: Connection | undefined) =>
  Object.keys((connection as unknown as { relatedDbs: object }).relatedDbs);

const Note = mongoose.model('Note', new Schema({ text: String }));
const notesIn = (lease: DatabaseLease) => bindModel(Note, lease.connection);

describe('leased databases', () => {
  it('open the base, and keep each tenant to its own database', async () => {
    const { databases } = setUp();
    for (const name of ['tenant_a', 'tenant_b']) {
      using lease = await databases.lease(name);
      await notesIn(lease).create({ text: name });
    }
    for (const name of ['tenant_a', 'tenant_b']) {
      using lease = await databases.lease(name);
      expect(await notesIn(lease).find({}, { _id: 0, text: 1 }).lean()).toEqual([{ text: name }]);
    }
  });

  it('keep up to `limit` idle handles, and remove the others from the base', async () => {
    const events: string[] = [];
    const { base, databases } = setUp({ onHandle: (event) => events.push(event) });
    for (let n = 0; n < 20; n++) {
      using lease = await databases.lease(`tenant_${n}`);
      await notesIn(lease).countDocuments();
      expect(databases.size).toBeLessThanOrEqual(3);
    }
    expect(childrenOf(base.opened)).toEqual(['tenant_17', 'tenant_18', 'tenant_19']);
    expect(events.filter((event) => event === 'opened')).toHaveLength(20);
    expect(events.filter((event) => event === 'evicted')).toHaveLength(17);
  });

  it('never remove a leased handle, and shrink to the limit when the leases end', async () => {
    const { databases } = setUp();
    const names = Array.from({ length: 10 }, (_, n) => `tenant_held${n}`);
    const leases = await Promise.all(names.map((name) => databases.lease(name)));
    expect(databases.size).toBe(10);
    for (const lease of leases) expect(await notesIn(lease).countDocuments()).toBe(0);
    for (const lease of leases) lease[Symbol.dispose]();
    expect(databases.size).toBe(3);
  });

  it('read the limit each time', async () => {
    let limit = 5;
    const { databases } = setUp({ limit: () => limit });
    for (let n = 0; n < 9; n++) (await databases.lease(`tenant_${n}`))[Symbol.dispose]();
    expect(databases.size).toBe(5);
    limit = 2;
    (await databases.lease('tenant_8'))[Symbol.dispose]();
    expect(databases.size).toBe(2);
  });

  it.each(['', 'constructor', '__proto__', 'admin', 'tenant_a/../b', `tenant_${'a'.repeat(21)}`])(
    'refuse the name %j before anything is opened',
    async (name) => {
      const useDb = jest.fn<() => Connection>();
      const { base, databases } = setUp({ useDb });
      await expect(databases.lease(name)).rejects.toThrow(RangeError);
      expect(useDb).not.toHaveBeenCalled();
      expect(base.opened).toBeUndefined();
    },
  );

  it('open a handle with a custom `useDb`, and remove that handle', async () => {
    const useDb = (connection: Connection, name: string) =>
      connection.useDb(`test_${name}`, { useCache: true });
    const { base, databases } = setUp({ useDb, limit: 1 });
    using lease = await databases.lease('tenant_a');
    expect(lease.connection.name).toBe('test_tenant_a');
    lease[Symbol.dispose]();
    (await databases.lease('tenant_b'))[Symbol.dispose]();
    expect(childrenOf(base.opened)).toEqual(['test_tenant_b']);
  });

  it('remove the idle handles on clear()', async () => {
    const { base, databases } = setUp();
    using held = await databases.lease('tenant_a');
    (await databases.lease('tenant_b'))[Symbol.dispose]();
    databases.clear();
    expect(databases.size).toBe(1);
    expect(childrenOf(base.opened)).toEqual(['tenant_a']);
    expect(await notesIn(held).countDocuments()).toBeGreaterThanOrEqual(0);
  });
});

describe('leases beyond `leasesPerDatabase`', () => {
  /** Leases in the background, and records when it has the lease. */
  function setUpQueue(leasesPerDatabase: number) {
    const { base, databases } = setUp({ leasesPerDatabase });
    const order: string[] = [];
    const leaseAs = async (label: string, name: string, signal?: AbortSignal) => {
      const lease = await databases.lease(name, signal);
      order.push(label);
      return lease;
    };
    return { base, databases, order, leaseAs };
  }

  it('wait for their turn in the order in which they came, while other databases do not wait', async () => {
    const { order, leaseAs } = setUpQueue(2);
    const held = [await leaseAs('1', 'tenant_a'), await leaseAs('2', 'tenant_a')];
    const waiting = ['3', '4'].map((label) => leaseAs(label, 'tenant_a'));
    (await leaseAs('other', 'tenant_b'))[Symbol.dispose]();
    expect(order).toEqual(['1', '2', 'other']);
    // Disposing of a lease twice ends it once.
    for (const _ of [1, 2]) held[0]?.[Symbol.dispose]();
    const third = await waiting[0];
    expect(order).toEqual(['1', '2', 'other', '3']);
    third?.[Symbol.dispose]();
    await waiting[1];
    expect(order.at(-1)).toBe('4');
  });

  it('stop waiting when their signal is aborted, and the next one gets the turn', async () => {
    const { leaseAs, order } = setUpQueue(1);
    const held = await leaseAs('1', 'tenant_a');
    using deadline = deadlineIn(0);
    const aborted = leaseAs('aborted', 'tenant_a', deadline.signal);
    const next = leaseAs('2', 'tenant_a');
    await expect(aborted).rejects.toThrow('exceeded its deadline');
    await expect(leaseAs('late', 'tenant_a', deadline.signal)).rejects.toThrow();
    held[Symbol.dispose]();
    (await next)[Symbol.dispose]();
    (await leaseAs('3', 'tenant_a'))[Symbol.dispose]();
    expect(order).toEqual(['1', '2', '3']);
  });

  it('get the turn of a lease that failed', async () => {
    const { databases } = setUp({
      leasesPerDatabase: 1,
      useDb: () => {
        throw new Error('no handle');
      },
    });
    for (const _ of [1, 2, 3])
      await expect(databases.lease('tenant_a')).rejects.toThrow('no handle');
  });
});

describe('leased databases recover after', () => {
  it('the base was closed, with idle and with leased handles', async () => {
    const { base, databases } = setUp();
    (await databases.lease('tenant_kept'))[Symbol.dispose]();
    using held = await databases.lease('tenant_heldover');
    await notesIn(held).create({ text: 'before' });
    await base.close();
    using kept = await databases.lease('tenant_kept');
    using fresh = await databases.lease('tenant_fresh');
    for (const lease of [kept, fresh]) {
      expect(lease.connection.readyState).toBe(1);
      expect(await notesIn(lease).countDocuments()).toBe(0);
    }
    expect(kept.connection.name).toBe('tenant_kept');
    expect(await notesIn(held).countDocuments()).toBe(1);
    expect(held.connection.getClient()).toBe(base.opened?.getClient());
  });

  it('the base reconnected after an outage', async () => {
    const { base, databases } = setUp();
    using held = await databases.lease('tenant_outage');
    await notesIn(held).create({ text: 'before' });
    const client = base.opened?.getClient();
    await proxy.shut();
    await base.ping().catch(() => {});
    await base.ping().catch(base.reportFailure);
    expect(base.opened).toBeUndefined();
    await proxy.listen();
    using again = await databases.lease('tenant_outage');
    expect(again.connection.getClient()).not.toBe(client);
    expect(await notesIn(again).countDocuments()).toBe(1);
  });

  it('a freeze that makes mongoose report the base as disconnected, by a ping over the same pool', async () => {
    const { base, databases } = setUp();
    const connection = (await base.open()) as Connection & { _lastHeartbeatAt: number };
    await base.ping();
    // The state after the container was frozen: the last heartbeat is long ago.
    connection._lastHeartbeatAt = 1;
    expect(connection.readyState).toBe(0);
    const client = connection.getClient();
    using lease = await databases.lease('tenant_thaw');
    expect(await notesIn(lease).countDocuments()).toBe(0);
    expect(base.opened?.getClient()).toBe(client);
    expect(proxy.commands.at(-2)).toBe('ping');
  });

  it('an outage, during which a lease rejects within the timeout', async () => {
    const { base, databases } = setUp();
    const connection = await base.open();
    const disconnected = new Promise((resolve) => connection.once('disconnected', resolve));
    await proxy.shut();
    await disconnected;
    await expect(databases.lease('tenant_away')).rejects.toMatchObject({
      name: 'MongoServerSelectionError',
    });
    await proxy.listen();
    using lease = await databases.lease('tenant_away');
    expect(await notesIn(lease).countDocuments()).toBe(0);
  });
});
