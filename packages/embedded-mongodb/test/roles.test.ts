import { describe, expect, test } from '@jest/globals';
import type { Document } from 'mongodb';
import { requirements } from '../src/access/requirements.ts';
import { commandNames } from '../src/commands/table.ts';
import { outcome, withUsers } from './with-users.ts';

const on = (role: string, db: string) => ({ role, db });
const guarded = withUsers([
  { user: 'root', pwd: 'x', roles: ['root'] },
  { user: 'read', pwd: 'x', roles: [on('read', 'shop')] },
  { user: 'readWrite', pwd: 'x', roles: [on('readWrite', 'shop')] },
  { user: 'dbAdmin', pwd: 'x', roles: [on('dbAdmin', 'shop')] },
  { user: 'userAdmin', pwd: 'x', roles: [on('userAdmin', 'shop')] },
  { user: 'dbOwner', pwd: 'x', roles: [on('dbOwner', 'shop')] },
  { user: 'readAnyDatabase', pwd: 'x', roles: ['readAnyDatabase'] },
  { user: 'readWriteAnyDatabase', pwd: 'x', roles: ['readWriteAnyDatabase'] },
  { user: 'dbAdminAnyDatabase', pwd: 'x', roles: ['dbAdminAnyDatabase'] },
  { user: 'userAdminAnyDatabase', pwd: 'x', roles: ['userAdminAnyDatabase'] },
  { user: 'clusterMonitor', pwd: 'x', roles: ['clusterMonitor'] },
  { user: 'reporter', pwd: 'x', roles: [on('read', 'shop'), on('readWrite', 'reports')] },
  { user: 'none', pwd: 'x', roles: [] },
]);

test('every command says what it requires', () => {
  expect(Object.keys(requirements).sort()).toEqual(commandNames());
});

const filter = { q: {}, u: { $set: { a: 1 } } };
const index = { key: { a: 1 }, name: 'a' };

/** Commands on a database, by what they do. They change nothing that another one needs. */
const commands = {
  read: [
    { find: 'things' },
    { count: 'things' },
    { distinct: 'things', key: 'a' },
    { aggregate: 'things', pipeline: [], cursor: {} },
    { explain: { find: 'things' } },
    { listCollections: 1 },
    { collStats: 'things' },
    { dbStats: 1 },
  ],
  write: [
    { insert: 'things', documents: [{}] },
    { update: 'things', updates: [filter] },
    { update: 'things', updates: [{ ...filter, upsert: true }] },
    { delete: 'things', deletes: [{ q: { none: 1 }, limit: 1 }] },
    { findAndModify: 'things', query: {}, update: { $set: { a: 1 } } },
    { findAndModify: 'things', query: { none: 1 }, remove: true },
    { aggregate: 'things', pipeline: [{ $out: 'copies' }], cursor: {} },
    { aggregate: 'things', pipeline: [{ $merge: 'copies' }], cursor: {} },
  ],
  shape: [
    { create: 'more' },
    { createIndexes: 'more', indexes: [index] },
    { listIndexes: 'more' },
    { dropIndexes: 'more', index: 'a' },
    { drop: 'more' },
  ],
  administer: [{ collMod: 'things', validator: {} }, { validate: 'things' }, { dropDatabase: 1 }],
  manage: [
    { createUser: 'temporary', pwd: 'x', roles: ['read'] },
    { updateUser: 'temporary', pwd: 'y' },
    { updateUser: 'temporary', roles: [] },
    { usersInfo: 1 },
    { rolesInfo: 1 },
    { dropUser: 'temporary' },
  ],
  monitor: [
    { serverStatus: 1 },
    { replSetGetStatus: 1 },
    { hostInfo: 1 },
    { top: 1 },
    { currentOp: 1 },
    { getParameter: '*' },
    { getLog: 'global' },
    { getCmdLineOpts: 1 },
  ],
  operate: [{ setParameter: 1, ttlMonitorEnabled: true }, { killAllSessions: [] }],
} satisfies Record<string, Document[]>;

type Kind = keyof typeof commands;
const readAndWrite: Kind[] = ['read', 'write', 'shape'];
const all = Object.keys(commands) as Kind[];

/** What each role allows on its database `shop`, and on another one. */
const allowed: [role: string, shop: Kind[], other: Kind[]][] = [
  ['none', [], []],
  ['read', ['read'], []],
  ['readWrite', readAndWrite, []],
  ['dbAdmin', ['shape', 'administer'], []],
  ['userAdmin', ['manage'], []],
  ['dbOwner', [...readAndWrite, 'administer', 'manage'], []],
  ['readAnyDatabase', ['read'], ['read']],
  ['readWriteAnyDatabase', readAndWrite, readAndWrite],
  ['dbAdminAnyDatabase', ['shape', 'administer'], ['shape', 'administer']],
  ['userAdminAnyDatabase', ['manage'], ['manage']],
  ['clusterMonitor', ['monitor'], ['monitor']],
  ['root', all, all],
];

/** Some roles allow a part of a kind: all of them may list indexes, or count what a database holds. */
const partly: Record<string, RegExp> = {
  read: /"listIndexes"/,
  readAnyDatabase: /"listIndexes"/,
  dbAdmin: /"listCollections"|"collStats"|"dbStats"/,
  dbAdminAnyDatabase: /"listCollections"|"collStats"|"dbStats"/,
  clusterMonitor: /"collStats"|"dbStats"/,
};

describe('a user', () => {
  for (const [role, shop, other] of allowed)
    test(`with the role ${role} can do what it allows, and gets 13 for the rest`, async () => {
      const client = await guarded.as(role);
      const wrong: object[] = [];
      for (const [database, kinds] of [
        ['shop', shop],
        ['other', other],
      ] as const) {
        for (const kind of all) {
          for (const command of commands[kind]) {
            const running = client.db(database).command({ ...command });
            const code = await running.then(
              () => 0,
              (error) => error.code,
            );
            const isPart = partly[role]?.test(JSON.stringify(command));
            const isAllowed = kinds.includes(kind) || (isPart && (database === 'shop' || other[0]));
            if ((code === 13) !== !isAllowed) wrong.push({ database, command, code });
          }
        }
      }
      expect(wrong).toEqual([]);
    });
});

describe('a command that reaches another database', () => {
  const pipelines: [title: string, stage: object, isAllowed: boolean][] = [
    ['$out', { $out: { db: 'reports', coll: 'copies' } }, true],
    ['$merge', { $merge: { into: { db: 'reports', coll: 'copies' } } }, true],
    ['$out', { $out: { db: 'other', coll: 'copies' } }, false],
    ['$merge', { $merge: { into: { db: 'other', coll: 'copies' } } }, false],
    ['$out', { $out: 'copies' }, false],
    ['$lookup', { $lookup: { from: { db: 'other', coll: 'x' }, as: 'a', pipeline: [] } }, false],
    ['$unionWith', { $unionWith: { db: 'other', coll: 'x', pipeline: [] } }, false],
    ['$facet', { $facet: { a: [{ $unionWith: { db: 'other', coll: 'x' } }] } }, false],
    ['$lookup', { $lookup: { from: 'things', as: 'a', pipeline: [] } }, true],
  ];
  for (const [title, stage, isAllowed] of pipelines)
    test(`by ${title} is ${isAllowed ? 'allowed' : 'refused with 13'}: ${JSON.stringify(stage)}`, async () => {
      const shop = (await guarded.as('reporter')).db('shop');
      const aggregate = { aggregate: 'things', pipeline: [stage], cursor: {} };
      expect(await outcome(shop.command(aggregate))).toMatchObject(
        isAllowed ? { ok: 1 } : { code: 13 },
      );
    });

  test('by a pipeline on a database needs what its stages need', async () => {
    const db = (await guarded.as('none')).db('admin');
    const run = (...stages: object[]) =>
      outcome(
        db.command({ aggregate: 1, pipeline: [{ $documents: [{}] }, ...stages], cursor: {} }),
      );
    expect(await run()).toEqual({ ok: 1 });
    const lookup = { from: 'things', as: 'a', localField: 'a', foreignField: 'a' };
    expect(await run({ $lookup: lookup })).toMatchObject({ code: 13 });
    expect(await run({ $out: 'copies' })).toMatchObject({ code: 13 });
  });

  test('by renameCollection needs both', async () => {
    const root = (await guarded.as('root')).db('shop');
    await root.collection('renamed').insertOne({});
    const rename = async (user: string, to: string) =>
      outcome(
        (await guarded.as(user)).db('admin').command({ renameCollection: 'shop.renamed', to }),
      );
    expect(await rename('reporter', 'reports.renamed')).toMatchObject({ code: 13 });
    expect(await rename('readWrite', 'other.renamed')).toMatchObject({ code: 13 });
    expect(await rename('readWriteAnyDatabase', 'other.renamed')).toEqual({ ok: 1 });
  });

  test('by a grant needs the right to grant there', async () => {
    const shop = (await guarded.as('userAdmin')).db('shop');
    const create = (roles: unknown[]) =>
      outcome(shop.command({ createUser: 'temporary', pwd: 'x', roles }));
    expect(await create([on('root', 'admin')])).toMatchObject({ code: 13 });
    expect(await create([on('read', 'other')])).toMatchObject({ code: 13 });
    expect(await create(['readWrite'])).toEqual({ ok: 1 });
    const granted = shop.command({ grantRolesToUser: 'temporary', roles: [on('read', 'other')] });
    expect(await outcome(granted)).toMatchObject({ code: 13 });
    await shop.command({ dropUser: 'temporary' });
  });
});

describe('what belongs to a user is out of the reach of others:', () => {
  test('its cursors', async () => {
    const [owner, stranger] = [await guarded.as('readWrite'), await guarded.as('reporter')];
    const shop = owner.db('shop');
    await shop.collection('paged').insertMany([{}, {}, {}]);
    const { cursor } = await shop.command({ find: 'paged', batchSize: 1 });
    const more = { getMore: cursor.id, collection: 'paged', batchSize: 1 };
    const kill = { killCursors: 'paged', cursors: [cursor.id] };
    expect(await outcome(stranger.db('shop').command(more))).toMatchObject({ code: 13 });
    expect(await outcome(stranger.db('shop').command(kill))).toMatchObject({ code: 13 });
    expect(await shop.command(kill)).toMatchObject({ cursorsKilled: [cursor.id] });
  });

  test('its transactions', async () => {
    const [owner, stranger] = [await guarded.as('readWrite'), await guarded.as('dbOwner')];
    await owner.withSession(async (session) => {
      session.startTransaction();
      const things = owner.db('shop').collection('transacted');
      await things.insertOne({ a: 1 }, { session });
      const { id: lsid } = session;
      const abort = { abortTransaction: 1, lsid, txnNumber: 1n, autocommit: false };
      const insert = {
        insert: 'transacted',
        documents: [{}],
        lsid,
        txnNumber: 1n,
        autocommit: false,
      };
      expect(await outcome(stranger.db('shop').command(insert))).toMatchObject({ code: 251 });
      expect(await outcome(stranger.db('admin').command(abort))).toMatchObject({ code: 251 });
      await stranger.db('admin').command({ killSessions: [lsid] });
      await stranger.db('admin').command({ killSessions: [] });
      await session.commitTransaction();
      expect(await things.countDocuments()).toBe(1);
    });
  });

  test('its record, which it can read itself', async () => {
    const admin = (await guarded.as('none')).db('admin');
    expect(await admin.command({ usersInfo: 'none' })).toMatchObject({ users: [{ user: 'none' }] });
    expect(await outcome(admin.command({ usersInfo: 'root' }))).toMatchObject({ code: 13 });
  });
});

describe('listDatabases', () => {
  const names = async (user: string, options: object = {}) => {
    const admin = (await guarded.as(user)).db('admin');
    const { databases } = await admin.command({ listDatabases: 1, nameOnly: true, ...options });
    return databases.map(({ name }: { name: string }) => name);
  };

  test('lists the databases on which the user can do something', async () => {
    const root = await guarded.as('root');
    for (const name of ['shop', 'hidden']) await root.db(name).collection('things').insertOne({});
    expect(await names('read')).toEqual(['shop']);
    expect(await names('read', { authorizedDatabases: true })).toEqual(['shop']);
    expect(await names('none')).toEqual([]);
    expect(await names('root')).toEqual(expect.arrayContaining(['hidden', 'shop']));
    expect(await names('clusterMonitor')).toEqual(expect.arrayContaining(['hidden', 'shop']));
    await expect(names('read', { authorizedDatabases: false })).rejects.toMatchObject({ code: 13 });
    expect(await names('root', { authorizedDatabases: false })).toContain('hidden');
  });
});

test('a refusal names the database and the command, but none of its values', async () => {
  const other = (await guarded.as('read')).db('other');
  const update = { update: 'things', updates: [{ q: { secret: 1 }, u: {} }], ordered: true };
  expect(await outcome(other.command(update))).toEqual({
    code: 13,
    message:
      'not authorized on other to execute command { update: "things", updates: ###, ordered: ### }',
  });
});
