import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { addProduct, aProduct, openStore } from '../support/catalog.ts';
import { eventOf, type TestRequest } from '../support/gateway.ts';
import { allFunctions } from '../support/operations.ts';
import { run } from '../support/settings.ts';

const exec = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'manystore-artifacts-'));
// A child gets the process' own environment unless told: jest keeps the settings of a test file to itself.
const env = { ...process.env };
const { operations, tasks } = await allFunctions();

let store: string;
let product: string;
let unwanted: string;
beforeAll(async () => {
  await exec('npm', ['run', '--silent', 'package', '--', '--package', folder], { cwd: root });
  store = await openStore();
  product = (await addProduct({ store })).product.id;
  unwanted = await openStore();
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A request for each function that a working one answers so. A function without a row fails. */
const requests: Record<string, () => { request: TestRequest; status: number }> = {
  'adjust-stock': () => ({ request: { path: { store, product }, body: { by: 1 } }, status: 200 }),
  'archive-product': () => ({ request: { path: { store, product: '0'.repeat(24) } }, status: 404 }),
  'close-store': () => ({ request: { path: { store: unwanted } }, status: 200 }),
  'create-product': () => ({ request: { path: { store }, body: aProduct() }, status: 201 }),
  'create-store': () => ({
    request: { body: { id: `artifact-${run}`, name: 'Artifact', currency: 'EUR' } },
    status: 201,
  }),
  'export-products': () => ({
    request: { path: { store }, query: { format: 'csv' } },
    status: 200,
  }),
  'get-archived-product': () => ({
    request: { path: { store, product: '0'.repeat(24) } },
    status: 404,
  }),
  'get-health': () => ({ request: {}, status: 200 }),
  'get-product': () => ({ request: { path: { store, product } }, status: 200 }),
  'get-store': () => ({ request: { path: { store } }, status: 200 }),
  'import-products': () => ({
    request: {
      path: { store },
      headers: { 'content-type': 'text/csv' },
      body: 'sku,name,amount,currency\nA-1,Table,100,EUR\n',
    },
    status: 200,
  }),
  'ingest-archive': () => ({ request: { path: { store }, body: { old: true } }, status: 201 }),
  'list-archive': () => ({ request: { path: { store } }, status: 200 }),
  'list-products': () => ({ request: { path: { store }, query: { q: 'lap' } }, status: 200 }),
  'list-stores': () => ({ request: {}, status: 200 }),
  'publish-product': () => ({
    request: { path: { product: '0'.repeat(24) }, body: { stores: [store] } },
    status: 404,
  }),
  'restore-product': () => ({
    request: { path: { store, product: '0'.repeat(24) } },
    status: 404,
  }),
  'transfer-stock': () => ({
    request: { body: { from: store, to: 'nowhere', sku: 'X', quantity: 1 } },
    status: 404,
  }),
  'report-drift': () => ({ request: {}, status: 200 }),
  'report-overview': () => ({ request: {}, status: 200 }),
  'report-history': () => ({ request: { path: { store } }, status: 200 }),
  'report-stores': () => ({ request: {}, status: 200 }),
  'search-products': () => ({ request: { query: { q: 'lap' } }, status: 200 }),
  'update-product': () => ({
    request: { path: { store, product }, body: { name: 'From an artifact' } },
    status: 200,
  }),
  'update-store': () => ({
    request: { path: { store }, body: { name: 'From an artifact' } },
    status: 200,
  }),
};

/** An input for each task, and what its result is like. A task without a row fails. */
const inputs: Record<string, { input: object; result: object }> = {
  'roll-out-indexes': { input: { mode: 'plan' }, result: { mode: 'plan', failed: 0 } },
  'sync-mirror': { input: { from: 'start' }, result: { failed: 0 } },
  'take-snapshots': { input: {}, result: { remaining: 0 } },
};

/** Calls the packaged function `name` in a process and a folder of its own. */
async function callArtifact(name: string, event: object) {
  const files = unzipSync(readFileSync(join(folder, `${name}.zip`)));
  expect(Object.keys(files)).toEqual([`functions/${name}.cjs`]);
  const file = join(folder, name, `functions/${name}.cjs`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, files[`functions/${name}.cjs`] as Uint8Array);
  const caller = join(root, 'test/support/call-artifact.cjs');
  const parameters = [caller, file, JSON.stringify(event)];
  const { stdout } = await exec(process.execPath, parameters, { cwd: folder, env });
  return JSON.parse(stdout);
}

describe('the packaged functions', () => {
  it('are one archive each', () => {
    const archives = readdirSync(folder).filter((file) => file.endsWith('.zip'));
    const names = [...operations.keys(), ...tasks.keys()].sort();
    expect(archives.sort()).toEqual(names.map((name) => `${name}.zip`));
  });

  it.each([...operations])('%s works by itself, outside the project', async (name, operation) => {
    const { request, status } = requests[name]?.() ?? { request: {}, status: 0 };
    const answer = await callArtifact(name, eventOf(operation, request));
    expect(answer).toMatchObject({ status });
  });

  if (tasks.size > 0)
    it.each([...tasks.keys()])('%s works by itself, outside the project', async (name) => {
      const { input, result } = inputs[name] ?? { input: {}, result: { no: 'row' } };
      expect(await callArtifact(name, input)).toMatchObject({ result });
    });
});
