import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { BSON } from 'bson';
import { MongoClient } from 'mongodb';
import { crc32c } from '../src/checksum.ts';
import { startEmbeddedMongo } from '../src/server.ts';
import { until, withServer } from './with-server.ts';

const fixture = withServer();

/** An OP_MSG with one body, and whatever flags and tail a test asks for. */
function message(body: object, flags = 0, tail: Uint8Array = Buffer.alloc(0)): Buffer {
  const document = BSON.serialize(body);
  const header = Buffer.alloc(21);
  header.writeInt32LE(21 + document.length + tail.length, 0);
  header.writeInt32LE(77, 4);
  header.writeInt32LE(2013, 12);
  header.writeUInt32LE(flags, 16);
  return Buffer.concat([header, document, tail]);
}

/** Sends raw bytes, and collects what comes back until the server or `enough` ends it. */
async function exchange(
  chunks: readonly Uint8Array[],
  enough: (bytes: Buffer) => boolean,
): Promise<Buffer> {
  const socket = connect(fixture.server.port, '127.0.0.1');
  let received = Buffer.alloc(0);
  let closed = false;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    closed = true;
  });
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  for (const chunk of chunks) await new Promise((resolve) => socket.write(chunk, resolve));
  await until(() => closed || enough(received));
  socket.destroy();
  return received;
}

const isWhole = (bytes: Buffer) => bytes.length >= 4 && bytes.length >= bytes.readInt32LE(0);

describe('the wire', () => {
  test('a message may come in pieces of any size, and several at once', async () => {
    const ping = message({ ping: 1, $db: 'admin' });
    const singly = [...ping].map((byte) => Uint8Array.of(byte));
    const answer = await exchange(singly, isWhole);
    expect(BSON.deserialize(answer.subarray(21))).toEqual({ ok: 1 });
    expect(answer.readInt32LE(8)).toBe(77);
    const both = await exchange(
      [Buffer.concat([ping, ping])],
      (bytes) => bytes.length === 2 * answer.length,
    );
    expect(both).toHaveLength(2 * answer.length);
  });

  test('a checksum at the end is no part of the message, and has to be right', async () => {
    const checked = message({ ping: 1, $db: 'admin' }, 1, Buffer.alloc(4));
    expect(await exchange([checked], () => false)).toHaveLength(0);
    checked.writeUInt32LE(crc32c(checked.subarray(0, -4)), checked.length - 4);
    const answer = await exchange([checked], isWhole);
    expect(BSON.deserialize(answer.subarray(21))).toEqual({ ok: 1 });
  });

  test('the legacy greeting is understood', async () => {
    const document = BSON.serialize({ isMaster: 1, helloOk: true });
    const head = Buffer.alloc(16 + 4 + 11 + 8);
    head.writeInt32LE(head.length + document.length, 0);
    head.writeInt32LE(2004, 12);
    head.write('admin.$cmd\0', 20, 'latin1');
    const answer = await exchange([Buffer.concat([head, document])], isWhole);
    expect(answer.readInt32LE(12)).toBe(1);
    expect(BSON.deserialize(answer.subarray(36))).toMatchObject({ ismaster: true, helloOk: true });
  });

  test('what is not the protocol ends its connection and no other', async () => {
    const length = (n: number) => {
      const bytes = message({ ping: 1, $db: 'admin' });
      bytes.writeInt32LE(n, 0);
      return bytes;
    };
    const wrongOpcode = message({ ping: 1, $db: 'admin' });
    wrongOpcode.writeInt32LE(9999, 12);
    const wrongBson = message({ ping: 1, $db: 'admin' });
    wrongBson.writeInt32LE(4000, 21);
    const unknownFlag = message({ ping: 1, $db: 'admin' }, 8);
    for (const bytes of [
      length(3),
      length(-1),
      length(2 ** 30),
      wrongOpcode,
      wrongBson,
      unknownFlag,
    ]) {
      expect(await exchange([bytes], () => false)).toHaveLength(0);
    }
    expect(await fixture.client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
  });
});

describe('a server', () => {
  test('that is stopped refuses, and has its data when it is started again', async () => {
    const server = await startEmbeddedMongo();
    const client = await MongoClient.connect(server.uri, { serverSelectionTimeoutMS: 300 });
    const things = client.db('shop').collection('things');
    await things.insertOne({ a: 1 });
    const { port } = server;

    await server.stop();
    expect(server.openConnections).toBe(0);
    await expect(things.findOne({})).rejects.toThrow();

    await server.start();
    expect(server.port).toBe(port);
    await until(async () => (await things.findOne({}).catch(() => null))?.a === 1);
    await client.close();
    await server.stop();
  });

  test('that stops is noticed by an idle driver at once', async () => {
    const server = await startEmbeddedMongo();
    const client = await MongoClient.connect(server.uri, { heartbeatFrequencyMS: 60_000 });
    const changes: string[] = [];
    client.on('serverDescriptionChanged', ({ newDescription }) =>
      changes.push(newDescription.type),
    );
    await server.stop();
    await until(() => changes.includes('Unknown'));
    await client.close();
  });

  test('that is frozen answers nothing, and everything after the thaw', async () => {
    const { server } = fixture;
    const client = await fixture.connect({ socketTimeoutMS: 100 });
    await client.db('shop').command({ ping: 1 });
    server.freeze();
    await expect(client.db('shop').command({ ping: 1 })).rejects.toThrow(/timed out/);
    const waiting = fixture.collection().insertOne({ a: 1 });
    server.thaw();
    await waiting;
    expect(await fixture.collection().countDocuments()).toBe(1);
  });

  test('counts the sockets that are open', async () => {
    const before = fixture.server.openConnections;
    const client = await fixture.connect();
    await client.db('admin').command({ ping: 1 });
    expect(fixture.server.openConnections).toBeGreaterThan(before);
    const status = await fixture.client.db('admin').command({ serverStatus: 1 });
    expect(status.connections.current).toBe(fixture.server.openConnections);
    await client.close();
    await until(() => fixture.server.openConnections === before);
  });

  test('loses every database when it is cleared', async () => {
    await fixture.collection().insertOne({});
    fixture.server.clear();
    const { databases } = await fixture.client.db().admin().listDatabases();
    expect(databases).toEqual([]);
  });

  test('says when it does not know a command', async () => {
    await expect(fixture.client.db('shop').command({ makeCoffee: 1 })).rejects.toMatchObject({
      code: 59,
      codeName: 'CommandNotFound',
      message: "no such command: 'makeCoffee'",
    });
  });

  test('is the primary of a replica set of one', async () => {
    const hello = await fixture.client.db('admin').command({ hello: 1 });
    const address = `127.0.0.1:${fixture.server.port}`;
    expect(hello).toMatchObject({
      isWritablePrimary: true,
      setName: 'rs0',
      hosts: [address],
      primary: address,
      logicalSessionTimeoutMinutes: 30,
      maxWireVersion: 21,
    });
  });

  test('is standalone without a replica set: it has no transactions and no retryable writes', async () => {
    const server = await startEmbeddedMongo({ replicaSet: null });
    const client = await MongoClient.connect(server.uri);
    try {
      const hello = await client.db('admin').command({ hello: 1 });
      expect(hello).toMatchObject({ isWritablePrimary: true, maxWireVersion: 21 });
      expect(hello).not.toHaveProperty('setName');
      const products = client.db('shop').collection('products');
      await products.insertOne({ sku: 'A-1' });
      const inTransaction = client.withSession((session) =>
        session.withTransaction(() => products.insertOne({ sku: 'A-2' }, { session })),
      );
      // The driver's words for code 20 of a standalone server.
      await expect(inTransaction).rejects.toThrow('does not support retryable writes');
      await expect(client.db('admin').command({ replSetGetStatus: 1 })).rejects.toMatchObject({
        code: 76,
        codeName: 'NoReplicationEnabled',
      });
      expect(await products.countDocuments()).toBe(1);
    } finally {
      await client.close();
      await server.stop();
    }
  });
});
