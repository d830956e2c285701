import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmbeddedMongo } from '@manystore/embedded-mongodb';

const run = promisify(execFile);
const home = fileURLToPath(new URL('..', import.meta.url));
const root = fileURLToPath(new URL('../../..', import.meta.url));
const tsc = join(root, 'node_modules/typescript/bin/tsc');

/** The Node that runs this test, and the system's Node, which may be an older version. */
const nodes = (() => {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const system = folders
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .find((path) => existsSync(path));
  return [...new Set([process.execPath, system ?? process.execPath])];
})();

let project: string;
let packed: string[];

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'consumer-'));
  await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  const packing = await run('npm', ['pack', '--json', '--pack-destination', project], {
    cwd: home,
  });
  // The output of the build precedes the JSON.
  const [{ filename, files }] = JSON.parse(packing.stdout.slice(packing.stdout.indexOf('[')));
  packed = files.map(({ path }: { path: string }) => path);
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  await run(
    'npm',
    [
      'install',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      join(project, filename),
      `mongoose@${manifest.dependencies.mongoose}`,
      `@types/node@${manifest.devDependencies['@types/node']}`,
    ],
    { cwd: project },
  );
  await cp(join(home, 'test/consumer'), project, { recursive: true });
}, 180_000);

afterAll(() => rm(project, { recursive: true }));

/** Type-checks the consumer's files, and the types of its packages. Returns the errors. */
async function check(options: string[]): Promise<string[]> {
  const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--allowJs', '--checkJs'];
  const target = ['--target', 'es2022', '--module', 'nodenext', '--ignoreConfig'];
  const files = ['typed.ts', 'checked.js'].map((name) => join(project, name));
  return run(process.execPath, [tsc, ...strict, ...target, ...options, ...files], {
    cwd: project,
  }).then(
    () => [],
    (error: { stdout: string }) => error.stdout.trim().split('\n'),
  );
}

describe('the packed package', () => {
  it('contains only the build, its types and its documents', () => {
    expect(packed).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'dist/index.js']));
    const others = packed.filter((path) => !/^dist\/[\w-]+\.(js|d\.ts)$/.test(path));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
  });

  it('loads neither mongoose nor the driver', async () => {
    const files = packed.filter((path) => path.endsWith('.js'));
    for (const path of files) {
      const code = await readFile(
        join(project, 'node_modules/@manystore/connections', path),
        'utf8',
      );
      expect(code).not.toMatch(/^(import|export) .*'(mongoose|mongodb)'/m);
    }
  });

  it.each(nodes)('works as JavaScript with %s', async (node) => {
    const server = await startEmbeddedMongo();
    try {
      const { stdout } = await run(node, ['use.mjs', server.uri], { cwd: project });
      expect(JSON.parse(stdout)).toEqual({ found: [{ text: 'hello' }], names: ['b'] });
    } finally {
      await server.stop();
    }
  });

  it('has types that TypeScript and checked JavaScript accept', async () => {
    expect(await check(['--types', 'node'])).toEqual([]);
  }, 180_000);

  it('has types that a bundler resolves', async () => {
    const bundler = ['--module', 'esnext', '--moduleResolution', 'bundler', '--skipLibCheck'];
    expect(await check(['--types', 'node', ...bundler])).toEqual([]);
  }, 180_000);

  it('has types that require only mongoose, whose own types require those of Node', async () => {
    const errors = await check(['--types', '', '--lib', 'es2022,dom']);
    expect(errors).toContainEqual(expect.stringContaining('node_modules/mongoose/'));
    const others = errors.filter((line) => !/^node_modules\/(mongoose|mongodb|bson)\//.test(line));
    expect(others).toEqual([]);
  }, 180_000);
});
