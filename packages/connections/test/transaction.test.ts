import { describe, expect, it } from '@jest/globals';
import type { Connection, mongo } from 'mongoose';
import { deadlineIn, transaction } from '../src/index.ts';
import { manage, serve } from './support/served.ts';

const { server, proxy } = await serve();

interface Account {
  _id: string;
  balance: number;
}

/** Opens a database with the accounts `a` and `b`. */
async function accountsIn(name: string) {
  const connection = await manage(proxy.uri).open();
  const { db } = connection.useDb(name, { useCache: true });
  const accounts = db?.collection<Account>('accounts');
  if (!accounts) throw new Error('The database is not open');
  await accounts.insertMany([
    { _id: 'a', balance: 100 },
    { _id: 'b', balance: 0 },
  ]);
  const balances = async () =>
    (await accounts.find().sort({ _id: 1 }).toArray()).map(({ balance }) => balance);
  const move = async (session: mongo.ClientSession) => {
    await accounts.updateOne({ _id: 'a' }, { $inc: { balance: -1 } }, { session });
    await accounts.updateOne({ _id: 'b' }, { $inc: { balance: 1 } }, { session });
  };
  return { connection: connection as Connection, balances, move };
}

const { signal } = new AbortController();

describe('a transaction', () => {
  it('applies all writes or none, and throws what its work throws', async () => {
    const { connection, balances, move } = await accountsIn('all_or_nothing');
    await transaction(connection, move, signal);
    expect(await balances()).toEqual([99, 1]);
    const failing = transaction(
      connection,
      async (session) => {
        await move(session);
        throw new Error('changed my mind');
      },
      signal,
    );
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await balances()).toEqual([99, 1]);
  });

  it('is retried when it conflicts with others', async () => {
    const { connection, balances, move } = await accountsIn('conflicts');
    let runs = 0;
    const work = (session: mongo.ClientSession) => {
      runs += 1;
      return move(session);
    };
    await Promise.all(Array.from({ length: 20 }, () => transaction(connection, work, signal)));
    expect(await balances()).toEqual([80, 20]);
    expect(runs).toBeGreaterThan(20);
  });

  it.each([
    ['update', 'cut before'],
    ['update', 'cut after'],
    ['commitTransaction', 'cut before'],
    ['commitTransaction', 'cut after'],
  ] as const)('happens once when its %s is %s it runs', async (command, fate) => {
    const name = `${command}_${fate.replace(' ', '_')}`;
    const { connection, balances, move } = await accountsIn(name);
    let isCut = false;
    proxy.decide = (sent) => {
      if (sent !== command || isCut) return 'pass';
      isCut = true;
      return fate;
    };
    await transaction(connection, move, signal);
    expect(isCut).toBe(true);
    expect(await balances()).toEqual([99, 1]);
  });

  it('ends with its signal when the server stops responding', async () => {
    const { connection, balances, move } = await accountsIn('silent');
    using deadline = deadlineIn(50);
    const work = async (session: mongo.ClientSession) => {
      await move(session);
      server.freeze();
    };
    await expect(transaction(connection, work, deadline.signal)).rejects.toMatchObject({
      name: 'DeadlineExceeded',
    });
    server.thaw();
    // It may have been committed, but never partially.
    expect([
      [100, 0],
      [99, 1],
    ]).toContainEqual(await balances());
  });
});
