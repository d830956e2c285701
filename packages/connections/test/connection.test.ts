import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import {
  type ConnectionEvent,
  deadlineIn,
  manageConnection,
  type SocketEvent,
} from '../src/index.ts';
import { fillPool } from './support/fill-pool.ts';
import { freezeContainer } from './support/freeze-container.ts';
import { manage, serve } from './support/served.ts';
import { until } from './support/until.ts';

const { server, proxy } = await serve();

describe('open', () => {
  it('connects once for 50 concurrent callers', async () => {
    let connects = 0;
    const orders = manage(proxy.uri, {
      connect: (connection) => {
        connects += 1;
        return connection.openUri(proxy.uri);
      },
    });
    const before = proxy.accepted;
    const connections = await Promise.all(Array.from({ length: 50 }, () => orders.open()));
    expect(new Set(connections).size).toBe(1);
    expect(connects).toBe(1);
    await orders.ping();
    // One socket for the ping, and those of the driver's server monitor.
    expect(proxy.accepted - before).toBeLessThanOrEqual(3);
  });

  it('rejects every waiting caller when connecting fails, and connects with the next call', async () => {
    const orders = manage(proxy.uri);
    await proxy.shut();
    const failed = await Promise.allSettled(Array.from({ length: 10 }, () => orders.open()));
    expect(new Set(failed.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(orders.opened).toBeUndefined();
    await proxy.listen();
    expect((await orders.open()).readyState).toBe(1);
  });

  it('reports the sockets that its operations use', async () => {
    const events: SocketEvent[] = [];
    const seen = (event: SocketEvent) => until(() => events.includes(event));
    const options = { maxPoolSize: 1, waitQueueTimeoutMS: 5_000 };
    const orders = manage(proxy.uri, {
      connect: (connection) => connection.openUri(proxy.uri, options),
      onSocket: (event) => events.push(event),
    });
    const { db } = await orders.open();
    expect(events).toEqual(['opened']);

    proxy.decide = (command) => (command === 'find' ? 'hold' : 'pass');
    const held = db?.collection('orders').findOne();
    const begun = performance.now();
    const waiting = orders.ping();
    await until(() => performance.now() - begun > 200);
    proxy.decide = () => 'pass';
    proxy.sendHeld();
    await Promise.all([held, waiting]);
    await seen('waited');
    proxy.cut();
    await orders.ping();
    await seen('closed');

    await orders.close();
    expect(events.filter((event) => event === 'opened').length).toBeLessThanOrEqual(
      events.filter((event) => event === 'closed').length,
    );
  });

  it('creates the connection once, and reuses it after failures and closes', async () => {
    let created = 0;
    const orders = manageConnection({
      connection: () => {
        created += 1;
        return mongoose.createConnection();
      },
      connect: (connection) => connection.openUri(proxy.uri),
    });
    expect(created).toBe(0);
    await proxy.shut();
    await expect(orders.open()).rejects.toThrow();
    await proxy.listen();
    const first = await orders.open();
    await orders.close();
    expect(await orders.open()).toBe(first);
    expect(created).toBe(1);
    await orders.close();
  });

  it('stops waiting when its signal is aborted, while the attempt continues for other callers', async () => {
    const orders = manage(proxy.uri);
    server.freeze();
    using deadline = deadlineIn(0);
    const other = orders.open();
    await expect(orders.open(deadline.signal)).rejects.toThrow('exceeded its deadline');
    server.thaw();
    expect(await other).toBe(orders.opened);
  });

  describe.each(['cut', 'reset'] as const)(
    'after a freeze in which the sockets were closed (%s)',
    (close) => {
      // Node destroys such a socket in one turn of the event loop, and reports it in the next one.
      it.each([0, 1, 2])(
        'leads to an open one, %i turns of the event loop later',
        async (turns) => {
          const orders = manage(
            `${proxy.uri}&maxPoolSize=3&serverMonitoringMode=poll&retryReads=false`,
          );
          await fillPool(await orders.open(), 3);
          proxy[close]();
          for (let turn = 0; turn < turns; turn++) await setImmediate();
          freezeContainer(1_000);
          const { db } = await orders.open();
          jest.restoreAllMocks();
          expect(await db?.collection('orders').findOne()).toBeNull();
        },
      );
    },
  );

  it('connects again, once, when the open connection is outdated', async () => {
    let password = 'one';
    let used = '';
    const orders = manage(proxy.uri, {
      connect: async (connection) => {
        used = password;
        await connection.openUri(proxy.uri, { appName: used });
      },
      isOutdated: () => used !== password,
    });
    const first = await orders.open();
    expect((await orders.open()).getClient().options.appName).toBe('one');
    password = 'two';
    const again = await Promise.all([orders.open(), orders.open()]);
    expect(new Set(again)).toEqual(new Set([first]));
    expect(first.getClient().options.appName).toBe('two');
    expect(await first.db?.collection('orders').findOne()).toBeNull();
  });

  it('manages the default connection as well', async () => {
    const base = manageConnection({
      connection: () => mongoose.connection,
      connect: () => mongoose.connect(proxy.uri),
    });
    expect(await base.open()).toBe(mongoose.connection);
    await base.close();
    expect(mongoose.connections[0]).toBe(mongoose.connection);
  });
});

describe('onEvent', () => {
  it('receives the events of the first connection attempt and of what follows', async () => {
    const events: ConnectionEvent[] = [];
    const errors: unknown[] = [];
    const orders = manageConnection({
      connection: () => mongoose.createConnection(),
      connect: (connection) => connection.openUri(proxy.uri),
      onEvent: (event, error) => {
        events.push(event);
        if (error) errors.push(error);
      },
    });
    await proxy.shut();
    await expect(orders.open()).rejects.toThrow();
    await until(() => events.includes('error'));
    expect(errors).toEqual([expect.any(Error)]);
    await proxy.listen();
    const connection = await orders.open();
    expect(events).toContain('connected');
    const disconnected = once(connection, 'disconnected');
    await proxy.shut();
    await disconnected;
    await proxy.listen();
    await until(() => events.includes('reconnected'));
    await orders.close();
    expect(events.slice(-3)).toContain('close');
    expect(connection.listenerCount('connected')).toBe(1);
  }, 30_000);
});

describe('reportFailure', () => {
  /** Returns the error of a command while no server is reachable. */
  const selectionFailure = async (connection: Connection): Promise<unknown> =>
    connection.db?.command({ ping: 1 }).catch((error: unknown) => error);

  it('makes the next open reconnect after a server selection error', async () => {
    const orders = manage(proxy.uri);
    const connection = await orders.open();
    const client = connection.getClient();
    await proxy.shut();
    await orders.ping().catch(() => {});
    const failure = await selectionFailure(connection);
    orders.reportFailure(failure);
    expect(orders.opened).toBeUndefined();
    await proxy.listen();
    const again = await orders.open();
    expect(again).toBe(connection);
    expect(again.getClient()).not.toBe(client);
    await orders.ping();
  });

  it('ignores other errors, and the failures of other connections', async () => {
    const [orders, stock] = [manage(proxy.uri), manage(proxy.uri)];
    await orders.open();
    const other = await stock.open();
    await proxy.shut();
    await stock.ping().catch(() => {});
    const failure = await selectionFailure(other);
    for (const error of [failure, new Error('other'), undefined, 'text'])
      orders.reportFailure(error);
    expect(orders.opened).toBeDefined();
  });

  it('connects once when many failures of one outage are reported', async () => {
    const connects: Promise<unknown>[] = [];
    const orders = manage(proxy.uri, {
      connect: (connection) => {
        const connecting = connection.openUri(proxy.uri);
        connects.push(connecting);
        return connecting;
      },
    });
    const connection = await orders.open();
    await proxy.shut();
    await orders.ping().catch(() => {});
    const failure = await selectionFailure(connection);
    await proxy.listen();
    const opened = Array.from({ length: 5 }, () => {
      orders.reportFailure(failure);
      return orders.open();
    });
    await Promise.all(opened);
    expect(connects).toHaveLength(2);
  });
});

describe('ping', () => {
  it('opens the connection first', async () => {
    const orders = manage(proxy.uri);
    await orders.ping();
    expect(orders.opened).toBeDefined();
  });

  it('stops waiting for a silent server when its signal is aborted', async () => {
    const orders = manage(proxy.uri);
    await orders.ping();
    server.freeze();
    using deadline = deadlineIn(20);
    await expect(orders.ping(deadline.signal)).rejects.toThrow('exceeded its deadline');
  });

  it('makes the next open reconnect when it finds no server', async () => {
    const orders = manage(proxy.uri);
    const connection = await orders.open();
    const disconnected = once(connection, 'disconnected');
    await proxy.shut();
    await disconnected;
    await expect(orders.ping()).rejects.toMatchObject({ name: 'MongoServerSelectionError' });
    expect(orders.opened).toBeUndefined();
  });
});

describe('close', () => {
  it('leaves no socket open, and the next open reconnects', async () => {
    const orders = manage(proxy.uri);
    await orders.ping();
    await orders.close();
    await until(() => proxy.open === 0);
    expect(orders.opened).toBeUndefined();
    await orders.ping();
  });

  it('does nothing to a connection that was never opened', async () => {
    const orders = manageConnection({
      connection: () => {
        throw new Error('must not be called');
      },
      connect: async () => {},
    });
    await orders.close();
  });

  it('closes the result of a connection attempt in progress, and rejects its callers', async () => {
    const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const orders = manage(proxy.uri, {
      connect: async (connection) => {
        begun.resolve();
        await gate.promise;
        await connection.openUri(proxy.uri);
      },
    });
    const rejected = expect(orders.open()).rejects.toThrow('closed while it was opening');
    await begun.promise;
    const closed = orders.close();
    gate.resolve();
    await rejected;
    await closed;
    expect(orders.opened).toBeUndefined();
    await until(() => proxy.open === 0);
  });

  it('waits for a connection attempt to a silent server, and closes it once the server responds', async () => {
    const orders = manage(proxy.uri);
    const before = proxy.accepted;
    server.freeze();
    const rejected = expect(orders.open()).rejects.toThrow('closed while it was opening');
    await until(() => proxy.accepted > before);
    const closed = orders.close();
    server.thaw();
    await rejected;
    await closed;
    await until(() => proxy.open === 0);
  });

  it('delays a concurrent open until it has finished', async () => {
    const orders = manage(proxy.uri);
    const first = orders.open();
    const rejected = expect(first).rejects.toThrow('closed while it was opening');
    const closed = orders.close();
    const connection = await orders.open();
    await Promise.all([rejected, closed]);
    expect(orders.opened).toBe(connection);
    expect(connection.readyState).toBe(1);
    await orders.ping();
  });

  it('removes the connection from mongoose.connections until it is opened again', async () => {
    const orders = manage(proxy.uri);
    const connection = await orders.open();
    expect(mongoose.connections).toContain(connection);
    await orders.close();
    expect(mongoose.connections).not.toContain(connection);
    await orders.open();
    expect(mongoose.connections).toContain(connection);
  });
});
