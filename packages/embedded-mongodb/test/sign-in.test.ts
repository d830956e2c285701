import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Binary, type Db, type Document, type MongoClient } from 'mongodb';
import { credentialsOf, parseClientFirst, ScramExchange } from '../src/access/scram.ts';
import { startEmbeddedMongo } from '../src/server.ts';
import { outcome, withUsers } from './with-users.ts';

const guarded = withUsers([
  { user: 'boss', pwd: 'secret', roles: ['root'] },
  { user: 'a=b,c', pwd: 'I\u00adX\u00a0\u2168 p\u00e4ss', roles: ['root'] },
  { user: 'local', pwd: 'secret', roles: ['read'], db: 'shop' },
]);

const find = (client: MongoClient) => client.db('shop').command({ find: 'things' });
const failed = { code: 18, message: 'Authentication failed.' };
const unauthorized = (name: string) => ({
  code: 13,
  message: `Command ${name} requires authentication`,
});

test('SCRAM-SHA-256 computes the example of RFC 7677', async () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  const first = parseClientFirst('n,,n=user,r=rOprNGfwEbeRWgbNEkqO');
  const credentials = await credentialsOf('pencil', salt, 4096);
  const exchange = new ScramExchange(first, credentials, '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0');
  expect(exchange.challenge).toBe(
    'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  );
  const last = 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
  expect(exchange.finish(`${last},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`)).toBe(
    'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  );
});

describe('a client that has not signed in', () => {
  test('can greet, ping and read the version, and nothing else', async () => {
    const client = await guarded.connect(guarded.uri());
    const admin = client.db('admin');
    for (const command of [{ hello: 1 }, { isMaster: 1 }, { ping: 1 }, { buildInfo: 1 }]) {
      expect(await admin.command(command)).toMatchObject({ ok: 1 });
    }
    expect(await admin.command({ connectionStatus: 1 })).toMatchObject({
      authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] },
    });
    expect(await outcome(find(client))).toEqual(unauthorized('find'));
    expect(await outcome(client.db('shop').collection('things').insertOne({}))).toEqual(
      unauthorized('insert'),
    );
    expect(await outcome(admin.command({ listDatabases: 1 }))).toEqual(
      unauthorized('listDatabases'),
    );
    expect(await outcome(admin.command({ createUser: 'me', pwd: 'x', roles: ['root'] }))).toEqual(
      unauthorized('createUser'),
    );
  });
});

describe('a client signs in', () => {
  test.each([{}, { authMechanism: 'SCRAM-SHA-256' }])('as a driver does, with %j', async (more) => {
    const client = await guarded.connect(guarded.uri('boss', 'secret', more));
    expect(await find(client)).toMatchObject({ ok: 1 });
    expect(await client.db('shop').command({ connectionStatus: 1 })).toMatchObject({
      authInfo: {
        authenticatedUsers: [{ user: 'boss', db: 'admin' }],
        authenticatedUserRoles: [{ role: 'root', db: 'admin' }],
      },
    });
  });

  test('with another spelling of the same password, and a name with signs of the protocol', async () => {
    const client = await guarded.connect(guarded.uri('a=b,c', 'IX IX pa\u0308ss'));
    expect(await find(client)).toMatchObject({ ok: 1 });
  });

  test('at the database of its user, and at no other', async () => {
    const own = await guarded.connect(guarded.uri('local', 'secret', { authSource: 'shop' }));
    expect(await find(own)).toMatchObject({ ok: 1 });
    expect(await outcome(guarded.connect(guarded.uri('local', 'secret')).then(find))).toEqual(
      failed,
    );
  });

  test('again on every connection, also after a restart of the server', async () => {
    const client = await guarded.as('boss');
    await guarded.server.stop();
    await guarded.server.start();
    // The driver repeats a read on a connection that is lost.
    await client.db('shop').collection('things').findOne();
    const finds = Array.from({ length: 5 }, () => find(client));
    expect(await Promise.all(finds)).toHaveLength(5);
  });
});

describe('a sign-in fails with 18', () => {
  test.each([
    ['a wrong password', 'boss', 'wrong'],
    ['an unknown user', 'nobody', 'secret'],
  ])('for %s', async (_title, user, pwd) => {
    for (const more of [{}, { authMechanism: 'SCRAM-SHA-256' }]) {
      const connecting = guarded.connect(guarded.uri(user, pwd, more)).then(find);
      expect(await outcome(connecting)).toEqual(failed);
    }
  });
});

/** A client's side of SCRAM-SHA-256, which sends what a test wants. */
class Conversation {
  readonly #admin: Db;
  readonly first: string;
  challenge = '';

  constructor(client: MongoClient, user: string) {
    this.#admin = client.db('admin');
    this.first = `n=${user},r=abcdefgh`;
  }

  /** The client's first message as a command, or as a part of hello. */
  opening(more: object = {}): Document {
    const payload = new Binary(Buffer.from(`n,,${this.first}`));
    return { saslStart: 1, mechanism: 'SCRAM-SHA-256', payload, ...more };
  }

  async start(more: object = {}): Promise<Document> {
    return this.read(await this.#admin.command(this.opening(more)));
  }

  read(reply: Document): Document {
    this.challenge = reply.payload.toString('utf8');
    return reply;
  }

  /** The client's final message. `change` applies before the message is proven. */
  final(password: string, change = (message: string) => message): string {
    const {
      r = '',
      s = '',
      i = '',
    } = Object.fromEntries(
      this.challenge.split(',').map((part) => [part.slice(0, 1), part.slice(2)]),
    );
    const salted = pbkdf2Sync(password, Buffer.from(s, 'base64'), Number(i), 32, 'sha256');
    const key = createHmac('sha256', salted).update('Client Key').digest();
    const stored = createHash('sha256').update(key).digest();
    const last = change(`c=biws,r=${r}`);
    const signed = [this.first, this.challenge, last].join(',');
    const signature = createHmac('sha256', stored).update(signed).digest();
    const proof = Buffer.from(key.map((byte, at) => byte ^ (signature[at] ?? 0)));
    return `${last},p=${proof.toString('base64')}`;
  }

  continue(message: string, conversationId = 1): Promise<Document> {
    const payload = new Binary(Buffer.from(message));
    return this.#admin.command({ saslContinue: 1, conversationId, payload });
  }
}

describe('the conversation of a sign-in', () => {
  const single = () => guarded.connect(guarded.uri(), { maxPoolSize: 1 });

  test('ends with an empty message if the client does not skip it', async () => {
    const client = await single();
    const conversation = new Conversation(client, 'boss');
    expect(await conversation.start()).toMatchObject({ conversationId: 1, done: false });
    expect(await conversation.continue(conversation.final('secret'))).toMatchObject({
      done: false,
      payload: expect.anything(),
    });
    expect(await outcome(find(client))).toEqual(unauthorized('find'));
    expect(await conversation.continue('')).toMatchObject({ done: true });
    expect(await find(client)).toMatchObject({ ok: 1 });
    await client.db('admin').command({ logout: 1 });
    expect(await outcome(find(client))).toEqual(unauthorized('find'));
  });

  test('may begin with hello, and lists the mechanism', async () => {
    const client = await single();
    const conversation = new Conversation(client, 'boss');
    const options = { skipEmptyExchange: true };
    const speculativeAuthenticate = conversation.opening({ options, db: 'admin' });
    const greeting = await client
      .db('admin')
      .command({ hello: 1, saslSupportedMechs: 'admin.boss', speculativeAuthenticate });
    expect(greeting.saslSupportedMechs).toEqual(['SCRAM-SHA-256']);
    conversation.read(greeting.speculativeAuthenticate);
    expect(await conversation.continue(conversation.final('secret'))).toMatchObject({ done: true });
    expect(await find(client)).toMatchObject({ ok: 1 });
  });

  test('looks the same for a user that does not exist, and always has the same salt', async () => {
    const client = await single();
    const challenge = async (user: string) => {
      const conversation = new Conversation(client, user);
      await conversation.start();
      return conversation.challenge.replace(/^r=[^,]*/, '');
    };
    const [known, unknown] = [await challenge('boss'), await challenge('nobody')];
    expect(unknown.length).toBe(known.length);
    expect(unknown).not.toBe(known);
    expect(await challenge('nobody')).toBe(unknown);
  });

  const unchanged = (message: string) => message;
  test.each<[title: string, proven: typeof unchanged, sent: typeof unchanged]>([
    ['another nonce', (message) => message.replace('r=abc', 'r=xyz'), unchanged],
    ['another channel binding', (message) => message.replace('c=biws', 'c=eSws'), unchanged],
    ['a short proof', unchanged, (message) => message.replace(/p=.*/, 'p=AAAA')],
    ['no proof', unchanged, (message) => message.replace(/,p=.*/, '')],
  ])('fails with 18 for %s, and cannot be continued', async (_title, proven, sent) => {
    const client = await single();
    const conversation = new Conversation(client, 'boss');
    await conversation.start();
    const final = sent(conversation.final('secret', proven));
    expect(await outcome(conversation.continue(final))).toEqual(failed);
    expect(await outcome(conversation.continue(conversation.final('secret')))).toMatchObject({
      code: 17,
    });
    expect(await outcome(find(client))).toEqual(unauthorized('find'));
  });

  test.each<[payload: string, code: number]>([
    ['p=tls-unique,,n=boss,r=abc', 18],
    ['n,,m=extension,n=boss,r=abc', 18],
    ['n,,n=bo=ss,r=abc', 18],
    ['', 18],
  ])('does not begin with %j', async (text, code) => {
    const client = await single();
    const start = {
      saslStart: 1,
      mechanism: 'SCRAM-SHA-256',
      payload: new Binary(Buffer.from(text)),
    };
    expect(await outcome(client.db('admin').command(start))).toMatchObject({ code });
  });

  test('has no other mechanism', async () => {
    const client = await single();
    const start = { saslStart: 1, mechanism: 'SCRAM-SHA-1', payload: new Binary() };
    expect(await outcome(client.db('admin').command(start))).toMatchObject({ code: 334 });
    const connecting = guarded.connect(guarded.uri('boss', 'secret', { authMechanism: 'PLAIN' }));
    expect(await outcome(connecting.then(find))).toMatchObject({ code: 334 });
  });
});

describe('users are managed by commands:', () => {
  test('created, listed, changed and dropped', async () => {
    const shop = (await guarded.as('boss')).db('shop');
    await shop.command({ createUser: 'ann', pwd: 'first', roles: ['read'], customData: { n: 1 } });
    const ann = await guarded.connect(guarded.uri('ann', 'first', { authSource: 'shop' }));
    expect(await find(ann)).toMatchObject({ ok: 1 });
    expect(await shop.command({ usersInfo: 'ann' })).toMatchObject({
      users: [
        {
          _id: 'shop.ann',
          user: 'ann',
          db: 'shop',
          roles: [{ role: 'read', db: 'shop' }],
          customData: { n: 1 },
          mechanisms: ['SCRAM-SHA-256'],
        },
      ],
    });
    expect((await shop.command({ usersInfo: 1 })).users).toHaveLength(2);
    expect((await shop.command({ usersInfo: { forAllDBs: true } })).users).toHaveLength(4);

    const insert = () => outcome(ann.db('shop').collection('things').insertOne({}));
    expect(await insert()).toMatchObject({ code: 13 });
    await shop.command({ grantRolesToUser: 'ann', roles: ['readWrite'] });
    expect(await insert()).toEqual({ ok: 1 });
    await shop.command({ revokeRolesFromUser: 'ann', roles: ['readWrite'] });
    expect(await insert()).toMatchObject({ code: 13 });

    await shop.command({ updateUser: 'ann', pwd: 'second' });
    const connecting = (pwd: string) =>
      guarded.connect(guarded.uri('ann', pwd, { authSource: 'shop' })).then(find);
    expect(await outcome(connecting('first'))).toEqual(failed);
    expect(await connecting('second')).toMatchObject({ ok: 1 });

    await shop.command({ dropUser: 'ann' });
    expect(await outcome(find(ann))).toEqual(unauthorized('find'));
    expect((await shop.command({ usersInfo: 'ann' })).users).toEqual([]);
  });

  test.each<[command: object, code: number]>([
    [{ createUser: 'boss', pwd: 'x', roles: [] }, 51003],
    [{ createUser: 'new', pwd: '', roles: [] }, 50687],
    [{ createUser: 'new', pwd: 'a\u0007', roles: [] }, 50692],
    [{ createUser: 'new', roles: [] }, 2],
    [{ createUser: 'new', pwd: 'x', roles: ['emperor'] }, 31],
    [{ createUser: 'new', pwd: 'x', roles: [{ role: 'root', db: 'shop' }] }, 31],
    [{ createUser: 'new', pwd: 'x', roles: [1] }, 2],
    [{ createUser: 'new', pwd: 'x', roles: [], mechanisms: ['SCRAM-SHA-1'] }, 2],
    [{ updateUser: 'nobody', pwd: 'x' }, 11],
    [{ updateUser: 'boss' }, 2],
    [{ dropUser: 'nobody' }, 11],
    [{ grantRolesToUser: 'nobody', roles: ['read'] }, 11],
  ])('%j fails', async (command, code) => {
    const admin = (await guarded.as('boss')).db('admin');
    expect(await outcome(admin.command(command))).toMatchObject({ code });
  });
});

test('a server without users requires no sign-in, but accepts one', async () => {
  const server = await startEmbeddedMongo();
  const url = new URL(server.uri);
  try {
    const client = await guarded.connect(server.uri);
    expect(await find(client)).toMatchObject({ ok: 1 });
    await client.db('admin').command({ createUser: 'ann', pwd: 'secret', roles: [] });
    Object.assign(url, { username: 'ann', password: 'secret' });
    expect(await find(await guarded.connect(url.href))).toMatchObject({ ok: 1 });
    url.password = 'wrong';
    expect(await outcome(guarded.connect(url.href).then(find))).toEqual(failed);
  } finally {
    await server.stop();
  }
});

test('a server does not start with users that are not valid', async () => {
  await expect(startEmbeddedMongo({ users: [] })).rejects.toThrow(RangeError);
  const users = [{ user: 'ann', pwd: 'x', roles: ['emperor'] }];
  await expect(startEmbeddedMongo({ users })).rejects.toMatchObject({ code: 31 });
});
