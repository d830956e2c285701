import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { startEmbeddedMongo } from '../src/index.ts';
import { ServerState } from '../src/state.ts';
import { selfSigned } from './certificate.ts';

const bin = fileURLToPath(new URL('../bin/embedded-mongodb.js', import.meta.url));
const usersExpected =
  'Invalid file of --users: expected a JSON array of { "user": string, "pwd": string, "roles": array }';
const children: ChildProcess[] = [];

/** Starts the command and collects what it prints. */
function command(...args: string[]) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    printed.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed.stderr += chunk;
  });
  return { child, printed, closed: once(child, 'close') };
}

async function run(...args: string[]) {
  const { printed, closed } = command(bin, ...args);
  const [code] = await closed;
  return { code, ...printed };
}

/** Starts the command, and waits until it has printed its connection string. */
async function start(...args: string[]) {
  const running = command(bin, ...args);
  while (!running.printed.stdout.includes('Ctrl-C')) {
    await Promise.race([
      once(running.child.stdout as NodeJS.ReadableStream, 'data'),
      running.closed,
    ]);
    if (running.child.exitCode !== null) throw new Error(running.printed.stderr);
  }
  const [uri = ''] = /mongodb:\S+/.exec(running.printed.stdout) ?? [];
  return { ...running, uri };
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('the command embedded-mongodb', () => {
  /** Writes to the server, stops it and checks that it ends without an error. */
  async function useAndStop(
    { child, closed, printed }: ReturnType<typeof command>,
    uri: string,
    signal: NodeJS.Signals,
  ): Promise<void> {
    const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 5_000 });
    await client.db('shop').collection('things').insertOne({ a: 1 });
    expect(await client.db('shop').collection('things').countDocuments()).toBe(1);
    child.kill(signal);
    expect(await closed).toEqual([0, null]);
    expect(printed.stderr).toBe('');
    await client.close();
  }

  test('serves a driver until SIGINT', async () => {
    const { uri, ...running } = await start('--port', '0', '--replica-set', 'shops');
    expect(uri).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+\/\?replicaSet=shops$/);
    await useAndStop(running, uri, 'SIGINT');
  });

  test('serves a driver that signs in over TLS until SIGTERM', async () => {
    const { certFile, bothFile, remove } = selfSigned('server');
    const users = `${bothFile}.json`;
    writeFileSync(users, JSON.stringify([{ user: 'app', pwd: 'secret', roles: ['root'] }]));
    try {
      const tls = ['--tls-key', bothFile, '--tls-cert', certFile];
      const { uri, ...running } = await start('--port', '0', '--users', users, ...tls);
      const url = new URL(uri);
      url.searchParams.set('tlsCAFile', certFile);
      Object.assign(url, { username: 'app', password: 'secret' });
      await useAndStop(running, url.href, 'SIGTERM');
    } finally {
      remove();
    }
  });

  test('exits with 1 and one line if the port is in use', async () => {
    const server = await startEmbeddedMongo();
    const { code, stdout, stderr } = await run('--port', String(server.port));
    await server.stop();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `embedded-mongodb: Port ${server.port} on 127.0.0.1 is already in use. Stop the server that uses it, or choose another port with --port (0 for any free port).\n`,
    );
  });

  test('prints its help and exits with 0', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const option of [
      '--port',
      '--replica-set',
      '--host',
      '--data',
      '--users',
      '--tls-key',
      '27017',
      'rs0',
    ]) {
      expect(stdout).toContain(option);
    }
  });

  test.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--port', 'x'], "Invalid port 'x': expected a whole number from 0 to 65535"],
    [['--port', '65536'], "Invalid port '65536': expected a whole number from 0 to 65535"],
    [['--port'], "Option '--port <value>' argument missing"],
    [['--replica-set='], 'The name of the replica set must not be empty'],
    [['--host='], 'The host must not be empty'],
    [['--data='], 'The data folder must not be empty'],
    [['--tls-key', 'key.pem'], 'TLS needs both --tls-key and --tls-cert'],
    [['--users', bin], usersExpected],
    [['27017'], "Unexpected argument '27017'"],
  ])('exits with 2, the error and the usage for %j', async (args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const [error, usage, ...rest] = stderr.trimEnd().split('\n');
    expect(error).toBe(`embedded-mongodb: ${message}`);
    expect(usage).toMatch(/^Usage: embedded-mongodb /);
    expect(rest).toEqual([]);
  });

  test('is an executable file', () => {
    expect(statSync(bin).mode & 0o777).toBe(0o755);
  });

  test('says what to do if it is neither built nor able to run its sources', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'embedded-mongodb-'));
    try {
      mkdirSync(join(folder, 'src'));
      writeFileSync(join(folder, 'src/command-line.ts'), '');
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      cpSync(bin, join(folder, 'bin/embedded-mongodb.js'));
      const copy = join(folder, 'bin/embedded-mongodb.js');
      const { printed, closed } = command('--no-experimental-strip-types', copy);
      const [code] = await closed;
      expect({ code, stdout: printed.stdout }).toEqual({ code: 1, stdout: '' });
      expect(printed.stderr).toMatch(/^embedded-mongodb: .*not built.*Use Node 22\.18.*\n$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('an IPv6 address is in brackets in the connection string', () => {
  const state = new ServerState('rs0', '::1');
  state.port = 27017;
  expect(state.address).toBe('[::1]:27017');
});
