import { afterEach, describe, expect, it, jest } from '@jest/globals';
import mongoose, { type Connection, type ConnectOptions } from 'mongoose';
import {
  CircuitOpen,
  type ConnectionEvent,
  connectionFamily,
  deadlineIn,
  isUnavailable,
  manageConnection,
} from '../src/index.ts';
import { writableServer } from '../src/topology.ts';
import { fillPool } from './support/fill-pool.ts';
import { freezeContainer } from './support/freeze-container.ts';
import { manage, serve } from './support/served.ts';
import { until } from './support/until.ts';

const { server, proxy } = await serve();

afterEach(() => {
  jest.restoreAllMocks();
});

/** Opens a connection, and records the events of its circuit. */
function setUp(parameters = '', options: ConnectOptions = {}) {
  const events: ConnectionEvent[] = [];
  const orders = manage(`${proxy.uri}${parameters}`, {
    connect: (connection) => connection.openUri(`${proxy.uri}${parameters}`, options),
    onEvent: (event) => {
      if (/^circuit/.test(event)) events.push(event);
    },
  });
  return { orders, events };
}

const run = (connection: Connection, command: object, signal?: AbortSignal): Promise<unknown> =>
  Promise.resolve(connection.db?.command(command, signal ? { signal } : {}));

/** Runs a command that the server does not answer until its deadline has passed. Returns the error. */
async function missDeadline(connection: Connection): Promise<unknown> {
  using deadline = deadlineIn(20);
  return await run(connection, { count: 'orders' }, deadline.signal).catch((error) => error);
}

/** What was sent to the server so far: sockets and commands. */
const sent = () => [proxy.accepted, proxy.commands.length];

const expectOpen = async (call: Promise<unknown>) =>
  expect(await call.catch((error: unknown) => error)).toBeInstanceOf(CircuitOpen);

describe('a server that accepts commands and never answers', () => {
  it('opens the circuit after a deadline: further calls send nothing, except for one probe at a time', async () => {
    // In this mode the driver's monitor opens no sockets of its own meanwhile.
    const { orders, events } = setUp('&serverMonitoringMode=poll');
    const connection = await orders.open();
    server.freeze();
    orders.reportFailure(await missDeadline(connection));
    await expectOpen(orders.open());
    expect(events).toEqual(['circuitOpened']);

    const { accepted } = proxy;
    let isProbing = true;
    const probe = orders.open().finally(() => {
      isProbing = false;
    });
    await until(() => proxy.accepted > accepted);
    const before = sent();
    for (const other of Array.from({ length: 10 }, () => orders.open())) await expectOpen(other);
    expect([isProbing, sent()]).toEqual([true, before]);
    await expectOpen(probe);

    server.thaw();
    expect(await orders.open()).toBe(connection);
    expect(events).toEqual(['circuitOpened', 'circuitClosed']);
  });

  it('opens the circuit when a connection attempt finds no server, and the next call after it answers succeeds', async () => {
    const { orders } = setUp();
    server.freeze();
    await expect(orders.open()).rejects.toMatchObject({ name: 'MongooseServerSelectionError' });
    const probe = orders.open();
    await expectOpen(orders.open());
    await expectOpen(probe);
    server.thaw();
    await run(await orders.open(), { ping: 1 });
  });

  it('opens the circuit within a second when the driver has noticed the outage before the next call', async () => {
    const { orders, events } = setUp('&serverMonitoringMode=poll&connectTimeoutMS=500', {
      serverSelectionTimeoutMS: 30_000,
    });
    const connection = await orders.open();
    server.freeze();
    await until(() => writableServer(connection) === undefined);
    orders.reportFailure(await missDeadline(connection));
    await expectOpen(orders.open());
    expect(events).toEqual(['circuitOpened']);
    server.thaw();
    await orders.ping();
  });

  it('closes the circuit without a probe when the monitor of the driver finds the server', async () => {
    const { orders } = setUp();
    const connection = await orders.open();
    server.freeze();
    orders.reportFailure(await missDeadline(connection));
    await expectOpen(orders.open());
    server.thaw();
    const known = connection.getClient().topology?.description;
    await until(() => connection.getClient().topology?.description !== known);
    const before = sent();
    expect(await orders.open()).toBe(connection);
    expect(sent()).toEqual(before);
  });

  it('rejects with an error that calls for 503', async () => {
    const { orders } = setUp();
    server.freeze();
    await orders.open().catch(() => {});
    const error = await orders.open().catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: 'CircuitOpen' });
    expect(isUnavailable(error)).toBe(true);
  });

  it('opens only the circuit of its own connection in a family', async () => {
    const family = connectionFamily({
      limit: 2,
      manage: (name) =>
        manageConnection({
          connection: () => mongoose.createConnection(),
          connect: (connection) => connection.openUri(name === 'away' ? proxy.uri : server.uri),
        }),
    });
    using away = await family.lease('away');
    using other = await family.lease('other');
    await other.connection.open();
    const connection = await away.connection.open();
    proxy.decide = () => 'hold';
    family.reportFailure(await missDeadline(connection));
    await expectOpen(away.connection.open());
    expect((await other.connection.open()).readyState).toBe(1);
    await family.close();
  });
});

describe('the circuit stays closed', () => {
  it('when a slow operation missed its deadline, and the server answers a ping', async () => {
    const { orders, events } = setUp();
    const connection = await orders.open();
    proxy.decide = (command) => (command === 'count' ? 'hold' : 'pass');
    orders.reportFailure(await missDeadline(connection));
    expect(await orders.open()).toBe(connection);
    expect(proxy.commands.at(-1)).toBe('ping');
    expect(events).toEqual([]);
  });

  it('when slow operations use every socket of the pool, so that a ping could not be sent', async () => {
    const { orders, events } = setUp('&maxPoolSize=1');
    const connection = await orders.open();
    proxy.decide = (command) => (command === 'find' ? 'hold' : 'pass');
    using deadline = deadlineIn(60_000);
    const commands = proxy.commands.length;
    const slow = run(connection, { find: 'orders' }, deadline.signal).catch(() => {});
    await until(() => proxy.commands.length > commands);
    orders.reportFailure(await missDeadline(connection));
    const before = sent();
    expect(await orders.open()).toBe(connection);
    expect(sent()).toEqual(before);
    proxy.cut();
    await slow;
    expect(events).toEqual([]);
  });

  it('when one socket broke', async () => {
    const { orders, events } = setUp();
    const connection = await orders.open();
    proxy.decide = () => 'cut before';
    const failure = await run(connection, { ping: 1 }).catch((error: unknown) => error);
    proxy.decide = () => 'pass';
    expect(isUnavailable(failure)).toBe(true);
    orders.reportFailure(failure);
    expect(await orders.open()).toBe(connection);
    await orders.ping();
    expect(events).toEqual([]);
  });

  it('when all sockets broke during a freeze, even after a missed deadline', async () => {
    const { orders, events } = setUp('&maxPoolSize=5&serverMonitoringMode=poll');
    const connection = await orders.open();
    await fillPool(connection, 5);
    proxy.decide = (command) => (command === 'count' ? 'hold' : 'pass');
    const failure = await missDeadline(connection);
    proxy.breakSockets();
    orders.reportFailure(failure);
    expect(await orders.open()).toBe(connection);
    await orders.ping();
    expect(events).toEqual([]);
  });

  it('when the sockets that are not in use were dropped silently during a freeze, and the server answers on a new one', async () => {
    const { orders, events } = setUp('&maxPoolSize=2&serverMonitoringMode=poll');
    const connection = await orders.open();
    await fillPool(connection, 2);
    proxy.decide = (command) => (command === 'count' ? 'hold' : 'pass');
    const failure = await missDeadline(connection);
    proxy.silence();
    orders.reportFailure(failure);
    expect(await orders.open()).toBe(connection);
    expect(events).toEqual([]);
  });

  it('while calls find no server for less than 10 s, as in an election', async () => {
    const { orders, events } = setUp();
    await proxy.shut();
    for (let attempt = 0; attempt < 2; attempt++)
      await expect(orders.open()).rejects.toMatchObject({ name: 'MongooseServerSelectionError' });
    await proxy.listen();
    await orders.open();
    expect(events).toEqual([]);
  });
});

describe('a server that is down', () => {
  it('opens the circuit when calls found none for 10 s of the wall clock, and closes it when one is found', async () => {
    const { orders, events } = setUp();
    const connection = await orders.open();
    const disconnected = new Promise((resolve) => connection.once('disconnected', resolve));
    await proxy.shut();
    await disconnected;
    const failure = await run(connection, { ping: 1 }).catch((error: unknown) => error);
    orders.reportFailure(failure);
    expect(events).toEqual([]);
    const failed = expect(orders.open()).rejects.toMatchObject({
      name: 'MongooseServerSelectionError',
    });
    freezeContainer(10_000);
    await failed;
    expect(events).toEqual(['circuitOpened']);
    jest.restoreAllMocks();

    const probe = orders.open();
    await expectOpen(orders.open());
    await proxy.listen();
    await probe.catch(() => {});
    await run(await orders.open(), { ping: 1 });
    expect(events).toEqual(['circuitOpened', 'circuitClosed']);
  });
});

describe('ping', () => {
  it('succeeds although every socket of the pool breaks at its first use', async () => {
    const { orders } = setUp('&maxPoolSize=5');
    const connection = await orders.open();
    await fillPool(connection, 5);
    proxy.breakSockets();
    await orders.ping();
    expect(orders.opened).toBe(connection);
  });

  it('is repeated only twice when every socket breaks, also a new one', async () => {
    const { orders } = setUp();
    await orders.open();
    proxy.decide = () => 'cut before';
    const before = proxy.commands.length;
    await expect(orders.ping()).rejects.toMatchObject({ name: 'MongoNetworkError' });
    expect(proxy.commands.length - before).toBe(3);
  });
});
