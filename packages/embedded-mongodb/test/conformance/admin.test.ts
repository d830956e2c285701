import { describe, expect, test } from '@jest/globals';
import * as mongo from 'mongodb';
import { conformance } from './support.ts';

const suite = conformance();
const admin = (command: object) => suite.client.db('admin').command(command);

describe('a server', () => {
  test('greets', async () => {
    expect(await admin({ hello: 1 })).toMatchObject({
      isWritablePrimary: true,
      setName: expect.any(String),
      hosts: [expect.any(String)],
      maxWireVersion: expect.any(Number),
      maxBsonObjectSize: 16_777_216,
      logicalSessionTimeoutMinutes: 30,
      localTime: expect.any(Date),
      ok: 1,
    });
    expect(await admin({ isMaster: 1 })).toMatchObject({ ismaster: true });
  });

  test.each<[command: object, reply: object]>([
    [{ ping: 1 }, { ok: 1 }],
    [{ buildInfo: 1 }, { version: expect.stringMatching(/^\d+\.\d+\.\d+/), ok: 1 }],
    [{ connectionStatus: 1 }, { authInfo: { authenticatedUsers: expect.any(Array) } }],
    [{ getParameter: 1, featureCompatibilityVersion: 1 }, { ok: 1 }],
    [{ endSessions: [] }, { ok: 1 }],
    [{ serverStatus: 1 }, { ok: 1 }],
    [{ replSetGetStatus: 1 }, { ok: 1 }],
    [{ getLog: 'startupWarnings' }, { ok: 1 }],
    [{ whatsmyuri: 1 }, { ok: 1 }],
    [{ getParameter: '*' }, { ok: 1 }],
    [{ listDatabases: 1, nameOnly: true }, { databases: expect.any(Array) }],
  ])('answers %j', async (command, reply) => {
    expect(await admin(command)).toMatchObject(reply);
  });

  const more: object[] = [
    { hostInfo: 1 },
    { getCmdLineOpts: 1 },
    { listCommands: 1 },
    { top: 1 },
    { currentOp: 1 },
    { usersInfo: 1 },
    { rolesInfo: 1 },
  ];
  test.each(more)('answers %j where it has that', async (command) => {
    await suite.needing('diagnostics', () => admin(command));
  });

  test.each<[command: object, code: number]>([
    [{ nope: 1 }, 59],
    [{ atlasVersion: 1 }, 59],
  ])('refuses %j', async (command, code) => {
    await expect(admin(command)).rejects.toMatchObject({ code, codeName: 'CommandNotFound' });
  });
});

describe('a database', () => {
  test('is created by a write, and removed by a drop', async () => {
    const db = suite.database('life');
    await db.collection('a').insertOne({});
    const named = async () => (await db.admin().listDatabases()).databases.map(({ name }) => name);
    expect(await named()).toContain(db.databaseName);
    expect(await db.dropDatabase()).toBe(true);
    expect(await named()).not.toContain(db.databaseName);
  });

  test('lists its collections', async () => {
    const db = suite.database('list');
    await db.createCollection('a');
    await db.collection('b').insertOne({});
    const names = (await db.listCollections().toArray()).map(({ name }) => name);
    expect(names.sort()).toEqual(['a', 'b']);
    const [only] = await db.listCollections({ name: 'b' }, { nameOnly: true }).toArray();
    expect(only).toMatchObject({ name: 'b', type: 'collection' });
    expect((await db.collections()).map(({ collectionName }) => collectionName).sort()).toEqual([
      'a',
      'b',
    ]);
  });

  test('drops a collection', async () => {
    const things = await suite.seeded({});
    expect(await things.drop()).toBe(true);
    expect(await things.countDocuments()).toBe(0);
  });

  test('renames a collection', async () => {
    const things = await suite.seeded({ a: 1 });
    const renamed = await things.rename(`${things.collectionName}-new`);
    expect(await renamed.countDocuments()).toBe(1);
    expect(await things.countDocuments()).toBe(0);
  });

  test('creates a collection once', async () => {
    const db = suite.database('once');
    await db.createCollection('a');
    await expect(db.createCollection('a', { capped: true, size: 1000 })).rejects.toThrow(
      mongo.MongoServerError,
    );
  });
});

describe('an error says its number and its name:', () => {
  const refused: [title: string, command: object, code: number | number[], codeName?: string][] = [
    ['an unknown command', { nope: 1 }, 59, 'CommandNotFound'],
    ['an empty name', { find: '' }, 73, 'InvalidNamespace'],
    ['a filter that is not a document', { find: 'x', filter: 1 }, [14, 2]],
    ['an invalid update', { update: 'x', updates: [] }, [16, 2]],
    ['an unknown stage', { aggregate: 'x', pipeline: [{ $nope: 1 }], cursor: {} }, 40324],
    [
      'a pipeline that is not an array',
      { aggregate: 'x', pipeline: 1, cursor: {} },
      14,
      'TypeMismatch',
    ],
    [
      'a cursor that is not there',
      { getMore: mongo.Long.fromNumber(9), collection: 'x' },
      43,
      'CursorNotFound',
    ],
    ['a negative skip', { find: 'x', skip: -1 }, [51024, 5107200]],
    [
      'a $group of a dotted name',
      { aggregate: 'x', pipeline: [{ $group: { _id: 1, 'a.b': { $sum: 1 } } }], cursor: {} },
      40235,
    ],
    ['distinct of nothing', { distinct: 'x' }, [40414, 2]],
    ['findAndModify of nothing', { findAndModify: 'x', query: {} }, 9, 'FailedToParse'],
    [
      'an index without a key',
      { createIndexes: 'x', indexes: [{ key: {}, name: 'x' }] },
      67,
      'CannotCreateIndex',
    ],
  ];
  for (const [title, command, code, codeName] of refused)
    test(title, async () => {
      const error = await suite.db.command(command).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(mongo.MongoServerError);
      expect([code].flat()).toContain((error as mongo.MongoServerError).code);
      if (codeName) expect(error).toMatchObject({ codeName });
    });
});
