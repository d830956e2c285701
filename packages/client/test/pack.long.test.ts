import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { gateway, page } from './support/replies.ts';
import { startScriptedServer } from './support/scripted-server.ts';

const run = promisify(execFile);
const home = fileURLToPath(new URL('..', import.meta.url));
const root = fileURLToPath(new URL('../../..', import.meta.url));

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
  const packing = await run('npm', ['pack', '--json', '--pack-destination', project], {
    cwd: home,
  });
  // The output of the build precedes the JSON.
  const [{ filename, files }] = JSON.parse(packing.stdout.slice(packing.stdout.indexOf('[')));
  packed = files.map(({ path }: { path: string }) => path);
  // The package has no dependencies, so that unpacking it installs it.
  const installed = join(project, 'node_modules/@manystore/client');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xf', join(project, filename), '-C', installed, '--strip-components', '1']);
  await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  await cp(join(home, 'test/consumer'), project, { recursive: true });
}, 180_000);

afterAll(() => rm(project, { recursive: true }));

/** Type-checks the consumer's file, and the types of the package. Returns the errors. */
async function check(...options: string[]): Promise<string[]> {
  const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--ignoreConfig'];
  const args = [...strict, '--target', 'es2022', ...options, join(project, 'typed.ts')];
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  return run(process.execPath, [tsc, ...args], { cwd: project }).then(
    () => [],
    (error: { stdout: string }) => error.stdout.trim().split('\n'),
  );
}

describe('the packed package', () => {
  it('contains only the build, its types and its documents, and needs no other package', async () => {
    expect(packed).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'dist/index.js']));
    const others = packed.filter((path) => !/^dist\/[\w-]+\.(js|d\.ts)$/.test(path));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    const manifest = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'));
    expect(manifest).not.toHaveProperty('dependencies');
  });

  it.each(nodes)('works as JavaScript with %s', async (node) => {
    const server = await startScriptedServer();
    try {
      server.reply(page(['a'], 'next'), gateway(503, 'Service Unavailable'), page(['b']));
      const { stdout } = await run(node, ['use.mjs', server.url], { cwd: project });
      expect(JSON.parse(stdout)).toEqual(['a', 'b']);
    } finally {
      await server.stop();
    }
  });

  it('has types for browsers', async () => {
    const bundler = ['--module', 'esnext', '--moduleResolution', 'bundler'];
    expect(await check('--lib', 'es2022,dom', '--types', '', ...bundler)).toEqual([]);
  }, 180_000);

  it('has types for Node', async () => {
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
    expect(await check('--module', 'nodenext', '--lib', 'es2022', ...types)).toEqual([]);
  }, 180_000);

  it('is bundled for browsers into less than 8 kB', async () => {
    const { outputFiles } = await build({
      entryPoints: [join(project, 'use.mjs')],
      absWorkingDir: project,
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      write: false,
    });
    expect(outputFiles[0]?.contents.length).toBeLessThan(8_000);
  });
});
