import { expect, it } from '@jest/globals';
import type { mongo } from 'mongoose';
import { deadlineIn, mayBeApplied, observeWrite, transaction } from '../src/index.ts';
import { manage, serve } from './support/served.ts';
import type { Fate } from './support/wire-proxy.ts';

interface Account {
  _id: string;
  balance: number;
}

const { server, proxy } = await serve();

/** Opens a collection with one account, behind the proxy. */
async function openAccounts(options = '') {
  const connection = await manage(proxy.uri + options).open();
  const accounts = connection.getClient().db('bank').collection<Account>('accounts');
  await accounts.deleteMany({});
  await accounts.insertOne({ _id: 'a', balance: 100 });
  const write = (operation: () => Promise<unknown>) => observe(connection.getClient(), operation);
  const withdraw = () => write(() => accounts.updateOne({ _id: 'a' }, { $inc: { balance: -10 } }));
  return { connection, accounts, write, withdraw };
}

async function observe(client: mongo.MongoClient, operation: () => Promise<unknown>) {
  const error = await observeWrite(client, operation).catch((error: Error) => error);
  return { error: error as Error, mayBeApplied: mayBeApplied(error) };
}

/** Returns the balance, past the proxy. */
async function balance(): Promise<number | undefined> {
  const accounts = (await manage(server.uri).open()).getClient().db('bank').collection('accounts');
  return (await accounts.findOne({ balance: { $exists: true } }))?.balance;
}

const failOn = (commands: string[], failure: object) =>
  manage(server.uri)
    .open()
    .then((connection) =>
      connection
        .getClient()
        .db('admin')
        .command({
          configureFailPoint: 'failCommand',
          mode: { times: 1 },
          data: { failCommands: commands, ...failure },
        }),
    );

it('may be applied when its response is lost and the retry of the driver finds no server', async () => {
  let name: string | undefined;
  // The retry can also fail because the driver has not noticed yet that the server is gone.
  while (name !== 'MongoServerSelectionError') {
    proxy.decide = () => 'pass';
    await proxy.shut();
    await proxy.listen();
    const { withdraw } = await openAccounts();
    proxy.decide = (sent) => (sent === 'update' ? 'last' : 'pass');
    const { error, mayBeApplied } = await withdraw();
    expect([error, mayBeApplied]).toEqual([expect.any(Error), true]);
    name = error.name;
  }
  expect(await balance()).toBe(90);
});

it('is not applied when no server is found', async () => {
  const { withdraw, accounts } = await openAccounts();
  await proxy.shut();
  await accounts.findOne().catch(() => undefined);
  const { error, mayBeApplied } = await withdraw();
  expect([error.name, mayBeApplied]).toEqual(['MongoServerSelectionError', false]);
  expect(await balance()).toBe(100);
});

it.each<[Fate, number]>([
  ['cut before', 100],
  ['cut after', 90],
])('may be applied when its socket is %s the server runs it', async (fate, expected) => {
  const { withdraw } = await openAccounts('&retryWrites=false');
  proxy.decide = (name) => (name === 'update' ? fate : 'pass');
  expect(await withdraw()).toMatchObject({ mayBeApplied: true });
  expect(await balance()).toBe(expected);
});

it.each([
  ['that is denied', { errorCode: 13 }, false],
  ['that conflicts', { errorCode: 112 }, false],
  [
    'that the server refuses because of its load',
    { errorCode: 462, errorLabels: ['SystemOverloadedError', 'NoWritesPerformed'] },
    false,
  ],
  ['during which the primary node stepped down', { errorCode: 189, errorLabels: [] }, true],
  ['that only the primary node has', { writeConcernError: { code: 64, errmsg: 'timeout' } }, true],
])('knows the outcome of a write %s', async (_, failure, expected) => {
  const { withdraw } = await openAccounts();
  await failOn(['update'], failure);
  expect(await withdraw()).toMatchObject({ error: expect.any(Error), mayBeApplied: expected });
});

it('may be applied in part when only some writes of a bulk write fail', async () => {
  const { accounts, write } = await openAccounts();
  const taken = { insertOne: { document: { _id: 'a', balance: 0 } } };
  const free = { insertOne: { document: { _id: 'b', balance: 0 } } };
  const unordered = { ordered: false };
  expect(await write(() => accounts.bulkWrite([taken], unordered))).toMatchObject({
    mayBeApplied: false,
  });
  expect(await write(() => accounts.bulkWrite([taken, free], unordered))).toMatchObject({
    mayBeApplied: true,
  });
});

it.each<[string, Fate, boolean, number]>([
  ['update', 'last', false, 100],
  ['commitTransaction', 'last', true, 90],
])('a transaction that loses its server at its %s', async (command, fate, expected, left) => {
  const { connection, accounts } = await openAccounts();
  proxy.decide = (name) => (name === command ? fate : 'pass');
  using deadline = deadlineIn(2_000);
  const work = async (session: mongo.ClientSession) => {
    await accounts.updateOne({ _id: 'a' }, { $inc: { balance: -10 } }, { session });
  };
  const error = await transaction(connection, work, deadline.signal).catch((error) => error);
  expect([error, mayBeApplied(error)]).toEqual([expect.any(Error), expected]);
  expect(await balance()).toBe(left);
});
