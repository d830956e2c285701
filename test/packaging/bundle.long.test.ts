import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build, transform } from 'esbuild';
import { unzipSync } from 'fflate';
import { makeArtifacts } from '../../packaging/artifacts.ts';
import { type Bundle, bundleFunctions } from '../../packaging/bundle.ts';
import { withFewerNames } from '../../packaging/names.ts';
import { aProduct, openStore } from '../support/catalog.ts';
import { eventOf, type TestRequest } from '../support/gateway.ts';
import { allFunctions } from '../support/operations.ts';

const exec = promisify(execFile);
const caller = fileURLToPath(new URL('../support/call-artifact.mjs', import.meta.url));
const outdir = mkdtempSync(join(tmpdir(), 'manystore-bundles-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const names = [
  ...['create-product', 'import-products', 'list-products', 'transfer-stock'],
  ...['sync-mirror', 'search-products', 'report-overview'],
];
let bundles: Bundle[];
beforeAll(async () => {
  bundles = await bundleFunctions({ names, outdir });
}, 240_000);

const { operations } = await allFunctions();

/** The response of a bundle to an event. */
async function run(name: string, event: object) {
  const file = bundles.find((bundle) => bundle.name === name)?.file ?? '';
  // Without `env`, a child gets the environment of the process: jest keeps a test file's changes from it.
  const options = { env: process.env };
  const { stdout } = await exec(process.execPath, [caller, file, JSON.stringify(event)], options);
  return JSON.parse(stdout);
}

/** Calls a bundled operation, and returns its status and the JSON of its body. */
async function ask(name: string, request: TestRequest) {
  const operation = operations.get(name);
  if (!operation) throw new Error(`There is no ${name}`);
  const { status, result } = await run(name, eventOf(operation, request));
  return { status, body: JSON.parse(result.body) };
}

describe('the bundled functions', () => {
  it('are returned with their sizes, which slimming reduces', async () => {
    const whole = await bundleFunctions({ names, outdir: join(outdir, 'whole'), slimmed: false });
    expect(bundles.map(({ name }) => name)).toEqual(names);
    for (const [at, { file, bytes, modules }] of bundles.entries()) {
      expect(readFileSync(file).length).toBe(bytes);
      expect(modules).toBeLessThan(whole[at]?.modules ?? 0);
      expect(bytes).toBeLessThan((whole[at]?.bytes ?? 0) * 0.9);
    }
  }, 240_000);

  it('keep the function names that are needed, and none that costs a call', async () => {
    const contents = `
      import { Cursor, inner, ObjectId } from './library.cjs';
      class Ours {}
      export const names = () => ({ Ours: Ours.name, ObjectId: ObjectId.name, Cursor: Cursor.name });
      export function nested() { const local = () => 1; return [local.name, inner().name]; }`;
    const library = `
      exports.ObjectId = class ObjectId {};
      exports.Cursor = class Cursor {};
      exports.inner = function () { function local() {} return local; };`;
    const { outputFiles } = await build({
      ...{ bundle: true, write: false, format: 'cjs', keepNames: true, target: 'node24' },
      stdin: { contents, resolveDir: '/' },
      plugins: [
        {
          name: 'library',
          setup({ onResolve, onLoad }) {
            onResolve({ filter: /library/ }, ({ path }) => ({ path, namespace: 'library' }));
            onLoad({ filter: /./, namespace: 'library' }, () => ({ contents: library }));
          },
        },
      ],
    });
    const fewer = withFewerNames(outputFiles?.[0]?.text ?? '');
    const { code } = await transform(fewer, { minify: true });
    const module = { exports: {} as Record<string, () => unknown> };
    new Function('module', 'exports', code)(module, module.exports);
    const { names = () => ({}), nested = names } = module.exports;
    expect([names.name, nested.name]).toEqual(['names', 'nested']);
    const unnamed = expect.not.stringMatching(/local|Cursor/);
    expect(names()).toEqual({ Ours: 'Ours', ObjectId: 'ObjectId', Cursor: unnamed });
    expect(nested()).toEqual([unnamed, unnamed]);
    expect(() => withFewerNames('var a = 1;')).toThrow('names');
  });

  it('contain only ASCII, so that V8 stores one byte per character', () => {
    for (const { file } of bundles) expect(readFileSync(file, 'utf8')).toMatch(/^\p{ASCII}*$/u);
  });

  it('create, import, transfer, mirror, search and report products', async () => {
    const [from, to] = [await openStore(), await openStore()];
    const product = aProduct({ sku: 'MOVED', name: 'Zebra lamp', stock: 5 });
    const created = await ask('create-product', {
      path: { store: from },
      headers: { 'idempotency-key': 'a-key-of-a-bundle' },
      body: product,
    });
    expect(created).toMatchObject({ status: 201, body: { sku: 'MOVED', version: 1 } });

    const csv = 'sku,name,amount,currency,stock\nMOVED,Zebra lamp,100,USD,1\n"bad,1,1,1,1\n';
    const imported = await ask('import-products', {
      path: { store: to },
      headers: { 'content-type': 'text/csv' },
      body: csv,
    });
    expect(imported).toMatchObject({ status: 200, body: { created: 1, failed: [{ line: 3 }] } });

    const transfer = { from, to, sku: 'MOVED', quantity: 2 };
    expect(await ask('transfer-stock', { body: transfer })).toMatchObject({ status: 201 });
    const listed = await ask('list-products', { path: { store: to }, query: { q: 'zebra' } });
    expect(listed).toMatchObject({ status: 200, body: { items: [{ stock: 3 }] } });

    const synced = await run('sync-mirror', { stores: [from, to] });
    expect(synced).toMatchObject({ result: { stores: 2, failed: 0 } });
    const found = await ask('search-products', { query: { q: 'zebra' } });
    expect(found.body.items).toHaveLength(2);
    expect(await ask('report-overview', {})).toMatchObject({ status: 200 });
  });

  it('reject invalid requests', async () => {
    const store = await openStore();
    const answer = await ask('create-product', { path: { store }, body: aProduct({ sku: '' }) });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/sku' }] } });
  });
});

describe('the artifacts', () => {
  const chosen = [
    { name: 'get-store', patterns: [] },
    {
      name: 'get-docs',
      patterns: ['node_modules/swagger-ui-dist/{swagger-ui.css,LICENSE}'],
    },
  ];
  const folders = ['first', 'second'].map((name) => join(outdir, name));
  beforeAll(async () => {
    for (const folder of folders)
      await makeArtifacts(chosen, folder, { isForThisProcessor: false });
  }, 240_000);
  const read = (file: string, folder = folders[0] ?? '') => readFileSync(join(folder, file));

  it('are the same bytes when they are made again, without compiled code', () => {
    const files = readdirSync(folders[0] ?? '');
    expect(files.sort()).toEqual(
      chosen
        .flatMap(({ name }) => [`${name}.bundle.js.map`, `${name}.cdx.json`, `${name}.zip`])
        .sort(),
    );
    for (const file of files) expect(read(file).equals(read(file, folders[1]))).toBe(true);
  });

  it.each([
    ['get-store', ['mongodb', 'mongoose', 'zod'], ['swagger-ui-dist', 'esbuild']],
    ['get-docs', ['@middy/core', 'swagger-ui-dist'], ['mongodb', 'esbuild']],
  ])('have a bill of materials: %s has %j and not %j', (name, included, others) => {
    const { bomFormat, components } = JSON.parse(read(`${name}.cdx.json`).toString());
    expect(bomFormat).toBe('CycloneDX');
    const names = components.map((component: { name: string }) => component.name);
    expect(names).toEqual(expect.arrayContaining(included));
    for (const other of others) expect(names).not.toContain(other);
    for (const { name: library, version, purl, licenses } of components) {
      const manifest = JSON.parse(readFileSync(`node_modules/${library}/package.json`, 'utf8'));
      expect(version).toBe(manifest.version);
      expect(purl).toBe(`pkg:npm/${library.replace('@', '%40')}@${version}`);
      expect(licenses[0].license.id).toBe(manifest.license);
    }
  });

  it('have source maps, with which npm run stack finds a line of the sources', () => {
    const text = 'The token lacks the scope ';
    const script = unzipSync(read('get-store.zip'))['functions/get-store.bundle.js'] ?? '';
    const lines = Buffer.from(script).toString().split('\n');
    const line = lines.findIndex((candidate) => candidate.includes(text));
    const column = lines[line]?.indexOf(text) ?? -1;
    const position = `/var/task/functions/get-store.bundle.js:${line + 1}:${column + 1}`;
    const { stdout } = spawnSync(process.execPath, ['local/stack.ts', '--maps', folders[0] ?? ''], {
      input: `at authorize (${position})\nat other (file.js:1:2)\n`,
      encoding: 'utf8',
    });
    const [, file = '', found] = /^at authorize \((.*):(\d+):\d+\)\nat other/.exec(stdout) ?? [];
    expect(stdout).toContain('at other (file.js:1:2)');
    const source = readFileSync(file.replace(/^.*?(?=lib\/)/, ''), 'utf8').split('\n');
    expect(source[Number(found) - 1]).toContain(text);
  });
});
