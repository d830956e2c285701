import { afterEach, describe, expect, test } from '@jest/globals';
import { until, withServer } from './with-server.ts';

const fixture = withServer();
const { collection, failCommand } = fixture;

afterEach(() => failCommand('off', {}));

describe('the fail point failCommand', () => {
  test('fails a command as often as it is told to', async () => {
    const data = { failCommands: ['find'], errorCode: 8000 };
    await failCommand({ times: 2 }, data);
    for (let i = 0; i < 2; i++) {
      await expect(collection().findOne({})).rejects.toMatchObject({ code: 8000 });
    }
    expect(await collection().findOne({})).toBeNull();
  });

  test('leaves other commands alone, and stays on until it is turned off', async () => {
    await failCommand('alwaysOn', { failCommands: ['count'], errorCode: 8000 });
    expect(await collection().findOne({})).toBeNull();
    await expect(collection().estimatedDocumentCount()).rejects.toMatchObject({ code: 8000 });
    await expect(collection().estimatedDocumentCount()).rejects.toMatchObject({ code: 8000 });
    await failCommand('off', {});
    expect(await collection().estimatedDocumentCount()).toBe(0);
  });

  test('closes the connection, after which a driver retries the write', async () => {
    await failCommand({ times: 1 }, { failCommands: ['insert'], closeConnection: true });
    await collection().insertOne({ a: 1 });
    expect(await collection().countDocuments()).toBe(1);
  });

  test('labels an error, by itself for a retryable one and otherwise as told', async () => {
    await failCommand({ times: 1 }, { failCommands: ['insert'], errorCode: 189 });
    await collection().insertOne({ a: 1 });
    expect(await collection().countDocuments()).toBe(1);
    await failCommand(
      { times: 1 },
      { failCommands: ['find'], errorCode: 8000, errorLabels: ['MadeUp'] },
    );
    await expect(collection().findOne({})).rejects.toMatchObject({
      errorLabels: expect.arrayContaining(['MadeUp']),
    });
  });

  test('returns an error with an unchanged topology version, so that the driver does not look for another primary', async () => {
    const client = await fixture.connect({});
    const things = client.db('shop').collection('things');
    await things.insertOne({ warm: true });
    const lost: string[] = [];
    client.on('serverDescriptionChanged', ({ address, newDescription }) => {
      if (newDescription.type === 'Unknown') lost.push(address);
    });
    await client.withSession(async (session) => {
      await failCommand({ times: 1 }, { failCommands: ['insert'], errorCode: 189 });
      await session.withTransaction(async () => {
        await things.insertOne({ moved: true }, { session });
        await failCommand({ times: 2 }, { failCommands: ['commitTransaction'], errorCode: 91 });
      });
    });
    expect(await things.countDocuments({ moved: true })).toBe(1);
    expect(lost).toEqual([]);
  });

  test('holds a command up', async () => {
    const data = { failCommands: ['ping'], blockConnection: true, blockTimeMS: 120 };
    await failCommand({ times: 1 }, data);
    const started = performance.now();
    await fixture.client.db('shop').command({ ping: 1 });
    expect(performance.now() - started).toBeGreaterThanOrEqual(110);
  });

  test('means one application only, if it names one', async () => {
    const other = await fixture.connect({ appName: 'other' });
    await failCommand('alwaysOn', { failCommands: ['ping'], errorCode: 8000, appName: 'other' });
    await fixture.client.db('shop').command({ ping: 1 });
    await expect(other.db('shop').command({ ping: 1 })).rejects.toMatchObject({ code: 8000 });
  });

  test('strikes as likely as it is told to', async () => {
    const data = { failCommands: ['ping'], errorCode: 8000 };
    const ping = () => fixture.client.db('shop').command({ ping: 1 });
    await failCommand({ activationProbability: 0 }, data);
    for (let i = 0; i < 20; i++) await ping();
    await failCommand({ activationProbability: 1 }, data);
    for (let i = 0; i < 20; i++) await expect(ping()).rejects.toMatchObject({ code: 8000 });
    await expect(failCommand('sometimes', data)).rejects.toMatchObject({ code: 9 });
  });

  test('complains about the write concern of a write that it lets pass', async () => {
    const writeConcernError = { code: 64, codeName: 'WriteConcernFailed', errmsg: 'too slow' };
    await failCommand({ times: 1 }, { failCommands: ['insert'], writeConcernError });
    await expect(collection().insertOne({ a: 1 })).rejects.toMatchObject({ code: 64 });
    expect(await collection().countDocuments()).toBe(1);
  });

  test('does not keep the socket of a client that has gone', async () => {
    const before = fixture.server.openConnections;
    const client = await fixture.connect();
    const data = { failCommands: ['ping'], blockConnection: true, blockTimeMS: 60_000 };
    await failCommand({ times: 1 }, data);
    const blocked = client.db('shop').command({ ping: 1 });
    await client.close();
    await expect(blocked).rejects.toThrow();
    await until(() => fixture.server.openConnections === before);
  });
});

describe('a retryable write', () => {
  test('that is sent twice is applied once, with the same reply', async () => {
    const session = fixture.client.startSession();
    const lsid = session.id;
    const command = {
      update: 'things',
      updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } }, upsert: true }],
      lsid,
      txnNumber: 5n,
    };
    const send = (body: object) => fixture.client.db('shop').command({ ...body }, { session });
    const raw = fixture.client.db('shop');
    const first = await send(command);
    const second = await send(command);
    expect(second.upserted).toEqual(first.upserted);
    expect(await raw.collection('things').findOne({})).toEqual({ _id: 1, n: 1 });
    await expect(send({ ...command, txnNumber: 4n })).rejects.toMatchObject({ code: 225 });
    // Or the driver would use the session again, with numbers of its own.
    await raw.command({ endSessions: [lsid] });
    await session.endSession();
  });

  test('that comes again while it waits is done once, too', async () => {
    await collection().insertOne({ _id: 1 as never, n: 0 });
    const [holder, session] = [fixture.client.startSession(), fixture.client.startSession()];
    holder.startTransaction();
    await collection().updateOne({}, { $inc: { n: 10 } }, { session: holder });
    const command = {
      update: 'things',
      updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }],
      txnNumber: 7n,
    };
    const send = () => fixture.client.db('shop').command({ ...command }, { session });
    const both = [send(), send()];
    await holder.commitTransaction();
    expect(await Promise.all(both)).toMatchObject([{ nModified: 1 }, { nModified: 1 }]);
    expect(await collection().findOne({})).toEqual({ _id: 1, n: 11 });
    await holder.endSession();
    await fixture.client.db('admin').command({ endSessions: [session.id] });
    await session.endSession();
  });

  test('is forgotten with its session', async () => {
    const session = fixture.client.startSession();
    const insert = (txnNumber: bigint) =>
      fixture.client
        .db('shop')
        .command({ insert: 'things', documents: [{ a: 1 }], txnNumber }, { session });
    await insert(9n);
    await insert(9n);
    expect(await collection().countDocuments()).toBe(1);
    await fixture.client.db('admin').command({ endSessions: [session.id] });
    await insert(9n);
    expect(await collection().countDocuments()).toBe(2);
    await fixture.client.db('admin').command({ endSessions: [session.id] });
    await session.endSession();
  });
});
