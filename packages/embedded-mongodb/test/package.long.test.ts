import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

/** Installing and compiling depend on the machine's disk and on what else it is doing. */
const timeout = 180_000;

const exec = promisify(execFile);
const { resolve } = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const project = mkdtempSync(join(realpathSync(tmpdir()), 'embedded-mongodb-consumer-'));

/** The environment of somebody who has nothing to do with this workspace. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_(?!EXTRA_CA)|PRIMARY_CONN|JEST_)/.test(name),
  ),
);

/** Runs a program in the consumer's project. */
async function run(file: string, ...args: string[]): Promise<string> {
  try {
    return (await exec(file, args, { cwd: project, env })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${file} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

function write(name: string, text: string): void {
  writeFileSync(join(project, name), text);
}

let packed: string[] = [];

beforeAll(async () => {
  const packing = await exec('npm', ['pack', '--json', '--pack-destination', project], {
    cwd: root,
    env,
  });
  // The build prints before the list.
  const report = JSON.parse(packing.stdout.slice(packing.stdout.search(/^[[{]/m)));
  const [tarball] = Object.values(report) as { filename: string; files: { path: string }[] }[];
  if (!tarball) throw new Error('npm pack made no tarball');
  packed = tarball.files.map(({ path }) => path);
  write('package.json', '{ "name": "consumer", "private": true }');
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund'];
  await run('npm', 'install', ...quiet, `./${tarball.filename}`, 'mongodb');
}, timeout);

afterAll(() => {
  rmSync(project, { recursive: true, force: true });
  // A stale build in the workspace would only mislead.
  rmSync(join(root, 'dist'), { recursive: true, force: true });
});

describe('the published package', () => {
  test('contains the build, the command, the readme and the license, and no sources', () => {
    const others = packed.filter((path) => !/^dist\/.+\.js$/.test(path));
    expect(others.sort()).toEqual([
      'LICENSE',
      'README.md',
      'bin/embedded-mongodb.js',
      'dist/index.d.ts',
      'dist/options.d.ts',
      'dist/server.d.ts',
      'package.json',
    ]);
    expect(packed).toContain('dist/index.js');
  });

  test(
    'serves the mongodb driver, loaded with import or with require',
    async () => {
      const body = `
        const server = await startEmbeddedMongo();
        const client = await MongoClient.connect(server.uri);
        await client.db('shop').collection('things').insertOne({ _id: 1, a: 'x' });
        console.log(JSON.stringify(await client.db('shop').collection('things').find().toArray()));
        await client.close();
        await server.stop();`;
      write(
        'imports.mjs',
        `import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
        import { MongoClient } from 'mongodb';
        ${body}`,
      );
      write(
        'requires.cjs',
        `const { startEmbeddedMongo } = require('@manystore/embedded-mongodb');
        const { MongoClient } = require('mongodb');
        (async () => {${body}})();`,
      );
      expect(await run(process.execPath, 'imports.mjs')).toBe('[{"_id":1,"a":"x"}]\n');
      expect(await run(process.execPath, 'requires.cjs')).toBe('[{"_id":1,"a":"x"}]\n');
    },
    timeout,
  );

  test(
    'has a command whose connection string a client can use',
    async () => {
      const child = spawn('npx', ['--no-install', 'embedded-mongodb', '--port', '0'], {
        cwd: project,
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
        detached: true,
      });
      const closed = once(child, 'close');
      try {
        let printed = '';
        for await (const chunk of child.stdout) {
          printed += chunk;
          if (printed.includes('Ctrl-C')) break;
        }
        const [uri] = /mongodb:\S+/.exec(printed) ?? [];
        write(
          'pings.mjs',
          `import { MongoClient } from 'mongodb';
          const client = await MongoClient.connect(process.argv[2]);
          console.log((await client.db('admin').command({ ping: 1 })).ok);
          await client.close();`,
        );
        expect(await run(process.execPath, 'pings.mjs', String(uri))).toBe('1\n');
      } finally {
        // As Ctrl-C in a terminal does, for npx and the server that it started.
        process.kill(-Number(child.pid), 'SIGINT');
        await closed;
      }
    },
    timeout,
  );

  test(
    'has types that a strict consumer compiles against, without other packages',
    async () => {
      write(
        'consumer.mts',
        `import { type EmbeddedMongo, type EmbeddedMongoOptions, startEmbeddedMongo } from '@manystore/embedded-mongodb';
        const users = [{ user: 'app', pwd: 'secret', roles: ['root', { role: 'read', db: 'shop' }] }];
        const options: EmbeddedMongoOptions = { port: 0, replicaSet: 'rs0', host: '127.0.0.1', users };
        const server: EmbeddedMongo = await startEmbeddedMongo(options);
        const parts: [uri: string, port: number, open: number] = [server.uri, server.port, server.openConnections];
        server.freeze();
        server.thaw();
        server.clear();
        await server.stop();
        // @ts-expect-error an unknown option
        await startEmbeddedMongo({ prot: 1 });
        export { parts };`,
      );
      write(
        'tsconfig.json',
        JSON.stringify({
          compilerOptions: {
            target: 'es2023',
            lib: ['es2023'],
            module: 'nodenext',
            types: [],
            strict: true,
            exactOptionalPropertyTypes: true,
            skipLibCheck: false,
            noEmit: true,
          },
          files: ['consumer.mts'],
        }),
      );
      const tsc = join(dirname(resolve('typescript/package.json')), 'bin/tsc');
      expect(await run(process.execPath, tsc, '-p', '.')).toBe('');
    },
    timeout,
  );
});

describe("the readme's examples", () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const named = [...readme.matchAll(/^```js\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)];
  const examples = new Map(named.map(([, name = '', text = '']) => [name, text]));

  beforeAll(() => {
    for (const [name, text] of examples) write(name, text);
  });

  test('all have a file name, and are run here', () => {
    expect(readme.match(/^```(js|ts)$/gm)).toHaveLength(examples.size);
    expect([...examples.keys()]).toEqual([
      'products.test.mjs',
      'jest.config.mjs',
      'global-setup.mjs',
      'global-teardown.mjs',
      'stock.test.js',
      'fail-point.mjs',
      'users.mjs',
      'data-folder.mjs',
    ]);
  });

  test(
    'pass with node:test',
    async () => {
      const report = await run(
        process.execPath,
        '--test',
        '--test-reporter=tap',
        'products.test.mjs',
      );
      expect(report).toMatch(/^# pass 1$/m);
      expect(report).toMatch(/^# fail 0$/m);
    },
    timeout,
  );

  test(
    'pass with jest, without options of node',
    async () => {
      const jest = join(dirname(resolve('jest/package.json')), 'bin/jest.js');
      write('results.json', '{}');
      const args = ['--ci', '--json', '--outputFile=results.json', 'stock'];
      await run(process.execPath, jest, ...args);
      const results = JSON.parse(readFileSync(join(project, 'results.json'), 'utf8'));
      expect(results).toMatchObject({ success: true, numPassedTests: 1, numTotalTests: 1 });
    },
    timeout,
  );

  test(
    'print what they say',
    async () => {
      expect(await run(process.execPath, 'fail-point.mjs')).toBe('121\n');
      expect(await run(process.execPath, 'users.mjs')).toBe('13\n');
      expect(await run(process.execPath, 'data-folder.mjs')).toBe('1\n2\n');
    },
    timeout,
  );
});
