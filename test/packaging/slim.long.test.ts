import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { build } from 'esbuild';
import { slim } from '../../packaging/slim/plugin.ts';
import { RoleServer } from '../support/role-server.ts';
import { servers } from '../support/settings.ts';

const exec = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'manystore-slim-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const role = { id: 'id-of-the-role', secret: 'its secret', token: 'its token' };
const env = {
  PATH: process.env.PATH,
  // Replaces the runtime, which contains the AWS SDK.
  NODE_PATH: join(root, 'node_modules'),
  AWS_ACCESS_KEY_ID: role.id,
  AWS_SECRET_ACCESS_KEY: role.secret,
  AWS_SESSION_TOKEN: role.token,
  AWS_EC2_METADATA_DISABLED: 'true',
  HOME: folder,
};

const [slimmed, whole] = [join(folder, 'slimmed.cjs'), join(folder, 'whole.cjs')];
beforeAll(async () => {
  for (const outfile of [slimmed, whole])
    await build({
      entryPoints: [join(root, 'test/support/probe-driver.cjs')],
      ...{ bundle: true, platform: 'node', format: 'cjs', keepNames: true, logLevel: 'error' },
      external: ['@aws-sdk/*'],
      plugins: outfile === slimmed ? [slim()] : [],
      outfile,
    });
});

/** The output of the bundled driver for a task. */
async function ask(bundle: string, ...task: string[]) {
  return JSON.parse((await exec(process.execPath, [bundle, ...task], { env })).stdout);
}

const connectionStrings = [
  'mongodb://localhost',
  'mongodb://a:27001,b:27002,c/shop?replicaSet=rs0&readPreference=nearest',
  'mongodb+srv://user:secret@cluster0.abcde.mongodb.net/shop?retryWrites=true&w=majority',
  'mongodb+srv://cluster0.abcde.mongodb.net/?authSource=%24external&authMechanism=MONGODB-AWS',
  'mongodb://us%40er:p%2Fa%3As%25s%3F@host.example/shop?authSource=admin',
  'mongodb://user:p%C3%A4ssw%C3%B6rd%E2%84%A6@host.example/',
  'mongodb://üser:pässwörd@host.example/',
  'mongodb://user:with+plus%20and%20space@host.example/',
  'mongodb://[::1]:27017,[2001:db8::7]/shop',
  'mongodb://%2Ftmp%2Fmongodb-27017.sock/shop',
  'mongodb://MÜNCHEN.example/shop',
  'mongodb://host/a%20name?APPNAME=Many%20Store&appName=Other',
  'mongodb://host/?tls=true&tlsCAFile=%2Fcerts%2Fca.pem&tlsInsecure=true',
  'mongodb://host/?tls=true&ssl=false',
  'mongodb://host/?readPreference=secondary&readPreferenceTags=dc:ny,rack:1&readPreferenceTags=',
  'mongodb://host/?compressors=snappy,zlib&zlibCompressionLevel=3',
  'mongodb://u:p@host/?authMechanism=MONGODB-AWS&authMechanismProperties=AWS_SESSION_TOKEN:a%2Fb%3D',
  'mongodb://host/?loadBalanced=true',
  'mongodb://host?replicaSet=rs0',
  'mongodb://host/?noSuchOption=1',
  'mongodb://host/?w=1&w=2',
  'mongodb://user:pass:word@host.example',
  'mongodb://us/er:pass@host',
  'mongodb://user:%ZZ@host',
  'mongodb://@host',
  'mongodb://',
  'mongodb://host:port',
  'mongodb://a,,b',
  'mongodb+srv://a.b.c,d.e.f',
  'mongodb+srv://a.b.c:27017',
  'https://host',
  '',
];

describe('the slimmed driver', () => {
  it('parses every connection string like the full driver', async () => {
    const [mine, theirs] = await Promise.all(
      [slimmed, whole].map((bundle) => ask(bundle, 'parse', ...connectionStrings)),
    );
    for (const [at, uri] of connectionStrings.entries())
      expect({ uri, ...mine[at] }).toEqual({ uri, ...theirs[at] });
    // They were parsed, or rejected for a reason: not because a module is missing.
    expect(mine[2]).toMatchObject({
      srvHost: 'cluster0.abcde.mongodb.net',
      tls: true,
      credentials: { username: 'user', password: 'secret', source: 'shop' },
    });
    expect(mine[4].credentials).toMatchObject({ username: 'us@er', password: 'p/a:s%s?' });
    expect(mine[5].credentials.password).toBe('p\u00e4ssw\u00f6rd\u2126');
  });

  it('reports a missing package like the full driver', async () => {
    const [mine, theirs] = await Promise.all(
      [slimmed, whole].map((bundle) => ask(bundle, 'missing', servers.primary)),
    );
    expect(mine).toEqual(theirs);
    expect(mine.encryption.name).toBe('MongoMissingDependencyError');
    expect(mine.automatic.dependencyName).toBe('mongodb-client-encryption');
    expect(mine.kerberos.name).toBe('MongoMissingDependencyError');
  });

  it('generates ids that no other process generates', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => ask(slimmed, 'ids', servers.primary)));
    for (const { product, session } of [one, other]) {
      expect(product).toMatch(/^[0-9a-f]{24}$/);
      // A UUID of version 4 (RFC 9562).
      expect(session).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    }
    // The first 8 digits are the time, the next 10 the process.
    expect(one.product.slice(8, 18)).not.toBe(other.product.slice(8, 18));
    expect(one.session).not.toBe(other.session);
  });

  it('has every export of the full driver', async () => {
    expect(await ask(slimmed, 'exports')).toEqual(await ask(whole, 'exports'));
  });

  // SASLprep normalises different spellings of a text: a space of any width, a letter with a separate accent.
  it.each([
    ['plain', 'a plain Password!~', 'a plain Password!~'],
    ['with letters beyond ASCII', 'pa\u0308sswo\u0308rd', 'p\u00e4ssw\u00f6rd'],
    ['with a space of its own and a soft hyphen', 'I\u00adX\u00a0\u2168', 'IX IX'],
  ])('signs in with a password that is %s', async (_, typed, kept) => {
    const users = [{ user: 'user', pwd: kept, roles: [] }];
    const server = await startEmbeddedMongo({ users });
    const uriWith = (password: string) => {
      const url = new URL(server.uri);
      Object.assign(url, { username: 'user', password: encodeURIComponent(password) });
      return url.href;
    };
    try {
      for (const [bundle, loadsWebCrypto] of [
        [slimmed, false],
        [whole, true],
      ] as const)
        expect(await ask(bundle, 'connect', uriWith(typed))).toEqual({ ok: 1, loadsWebCrypto });
      expect(await ask(slimmed, 'connect', uriWith(`${typed}x`))).toMatchObject({
        message: 'Authentication failed.',
      });
    } finally {
      await server.stop();
    }
  });

  it('signs in with the role of its function', async () => {
    const server = await new RoleServer(servers.primary, role).listen();
    try {
      expect(await ask(slimmed, 'connect', server.uri)).toMatchObject({ ok: 1 });
      expect(new Set(server.attempts)).toEqual(new Set([true]));
    } finally {
      await server.shut();
    }
  });
});
