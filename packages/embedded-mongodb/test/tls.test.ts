import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { startEmbeddedMongo } from '../src/server.ts';
import { encodeAnswer } from '../src/wire.ts';
import { selfSigned } from './certificate.ts';
import { withUsers } from './with-users.ts';

const certificate = selfSigned('server');
const { key, cert, certFile: tlsCAFile } = certificate;
const guarded = withUsers([{ user: 'app', pwd: 'pa\u0308ssword', roles: ['root'] }], {
  tls: { key, cert },
});
afterAll(certificate.remove);

const hello = encodeAnswer({
  ...{ requestId: 1, responseTo: 0, legacy: false, moreToCome: false },
  document: { hello: 1, $db: 'admin' },
});

/** What a client gets that says hello on a connection: `answered`, `closed` or the code of an error. */
async function result(socket: Socket): Promise<unknown> {
  let seen = 'closed';
  socket.on('error', ({ code }: Error & { code?: string }) => {
    seen = String(code);
  });
  socket.on('data', () => {
    seen = 'answered';
    socket.destroy();
  });
  socket.write(hello);
  await once(socket, 'close').catch(() => undefined);
  return seen;
}

describe('a server with a certificate', () => {
  test('serves the mongodb driver, which signs in over TLS', async () => {
    expect(guarded.server.uri).toMatch(/[?&]tls=true/);
    const client = await guarded.connect(guarded.uri('app', 'p\u00e4ssword', { tlsCAFile }));
    const things = client.db('shop').collection('things');
    await client.withSession((session) =>
      session.withTransaction(() => things.insertOne({ n: 1 }, { session })),
    );
    expect(await things.find({}, { projection: { _id: 0 } }).toArray()).toEqual([{ n: 1 }]);
    await guarded.server.stop();
    await guarded.server.start();
    expect(await things.countDocuments()).toBe(1);
  });

  test('serves mongoose', async () => {
    const connection = mongoose.createConnection(
      guarded.uri('app', 'p\u00e4ssword', { tlsCAFile }),
    );
    try {
      const Book = connection.model('Book', new mongoose.Schema({ title: String }));
      await Book.create({ title: 'Emma' });
      expect(await Book.findOne({ title: 'Emma' })).toMatchObject({ title: 'Emma' });
    } finally {
      await connection.close();
    }
  });

  test('is not trusted without the authority, and serves no plain connection', async () => {
    const address = { host: '127.0.0.1', port: guarded.server.port };
    expect(await result(connectSecurely(address))).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(await result(connect(address))).not.toBe('answered');
    expect(await result(connectSecurely({ ...address, ca: cert }))).toBe('answered');
  });

  test('stops while a client has not finished its handshake', async () => {
    const server = await startEmbeddedMongo({ tls: { key, cert } });
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    while (server.openConnections === 0) await new Promise(setImmediate);
    await server.stop();
    await closed;
    expect(server.openConnections).toBe(0);
  });

  test('may require certificates of its clients', async () => {
    const client = selfSigned('client');
    const server = await startEmbeddedMongo({ tls: { key, cert, ca: client.cert } });
    const address = { host: '127.0.0.1', port: server.port, ca: cert };
    try {
      const tlsCertificateKeyFile = client.bothFile;
      const known = await guarded.connect(server.uri, { tlsCAFile, tlsCertificateKeyFile });
      expect(await known.db('shop').command({ ping: 1 })).toMatchObject({ ok: 1 });
      expect(await result(connectSecurely(address))).not.toBe('answered');
      expect(await result(connectSecurely({ ...address, key, cert }))).not.toBe('answered');
    } finally {
      await server.stop();
      client.remove();
    }
  });

  test('does not start with an invalid key, or that of another certificate', async () => {
    const other = selfSigned('other');
    other.remove();
    for (const wrong of ['no key', other.key]) {
      const starting = startEmbeddedMongo({ tls: { key: wrong, cert } });
      await expect(starting).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_OSSL_/) });
    }
  });
});

const run = promisify(execFile);
const script = fileURLToPath(new URL('pymongo-round-trip.py', import.meta.url));

/** The Python that PYTHON names; else the first that has the driver, as the system's often has. */
async function pythonWithDriver(): Promise<string | undefined> {
  if (process.env.PYTHON) return process.env.PYTHON;
  for (const python of ['python3', '/usr/bin/python3']) {
    const asked = run(python, ['-c', 'import pymongo']);
    if (await asked.then(Boolean, () => false)) return python;
  }
  return undefined;
}

const python = await pythonWithDriver();

describe("Python's driver", () => {
  if (python) {
    test('does its whole round trip, signed in and over TLS', async () => {
      const uri = guarded.uri('app', 'p\u00e4ssword', { tlsCAFile });
      const { stdout } = await run(python, [script, uri, 'pymongo']);
      const checks = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(checks.filter(({ problem }) => problem !== null)).toEqual([]);
      expect(checks.length).toBeGreaterThanOrEqual(14);
    }, 60_000);
  } else {
    // CI names a Python that has it.
    test('is not installed here (Debian: apt-get install python3-pymongo), and PYTHON is not set', () => {
      expect(process.env.PYTHON).toBeUndefined();
    });
  }
});
