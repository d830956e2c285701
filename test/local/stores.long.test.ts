import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sampleProduct } from '../../local/sample-products.ts';
import { type BreakingProxy, startBreakingProxy } from '../support/breaking-proxy.ts';
import { runLocal, type Service, startEmptyService } from '../support/service.ts';
import { run } from '../support/settings.ts';

/*
 * Runs `npm run stores` against the service that `npm start` runs: exports a store, also after an interruption, and imports
 * it again.
 */

/** More than a page of an export. */
const PRODUCTS = 6_000;
const store = `hand-${run}`;
/** A text with a line separator, which does not end a line of NDJSON. */
const SEPARATED = 'One line\u2028and another';

let service: Service;
let proxy: BreakingProxy;
let env: Record<string, string>;
let folder: string;

const stores = (...args: string[]) => runLocal('stores.ts', { args, env });
const manifestIn = async (at: string) =>
  JSON.parse(await readFile(join(at, 'manifest.json'), 'utf8'));
const recordsIn = async (at: string, file: string) =>
  (await readFile(join(at, file), 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

async function createStore(): Promise<void> {
  const path = { store };
  await service.client.POST('/stores', {
    body: { id: store, name: 'To hand over', currency: 'EUR' },
  });
  const products = Array.from({ length: PRODUCTS }, (_, n) => sampleProduct(n, 'EUR'));
  const lines = [...products, { ...sampleProduct(PRODUCTS, 'EUR'), description: SEPARATED }];
  for (let at = 0; at < lines.length; at += 2_000)
    await service.client.POST('/stores/{store}/products/import', {
      params: { path },
      headers: { 'content-type': 'application/x-ndjson' },
      body: lines
        .slice(at, at + 2_000)
        .map((line) => JSON.stringify(line))
        .join('\n'),
    });
  const records = Array.from({ length: 150 }, (_, n) => ({ name: `Old ${n}`, 'a.b': { $c: [] } }));
  await service.client.POST('/stores/{store}/archive', { params: { path }, body: records });
  const { data } = await service.client.GET('/stores/{store}/products', {
    params: { path, query: { limit: 1 } },
  });
  await service.client.DELETE('/stores/{store}/products/{product}', {
    params: { path: { ...path, product: data.items[0]?.id ?? '' } },
  });
}

beforeAll(async () => {
  service = await startEmptyService({ STORE_DRAIN_MS: '1000' });
  proxy = await startBreakingProxy(service.url);
  env = { PORT: new URL(service.url).port, ISSUER_PORT: String(service.issuerPort) };
  await createStore();
}, 240_000);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stores-'));
});
afterEach(() => rm(folder, { recursive: true }));
afterAll(async () => {
  await proxy?.stop();
  await service?.stop();
}, 120_000);

describe('npm run stores -- export', () => {
  it('writes the products and the archive with a manifest, which another store is created from', async () => {
    const exported = await stores('export', store, '--to', folder);
    expect([exported.code, exported.stderr]).toEqual([0, '']);
    expect(exported.stdout).toContain(`${store} was not suspended: `);
    const { files, isConsistent } = await manifestIn(folder);
    expect([files['products.ndjson'].records, files['archive.ndjson'].records]).toEqual([
      PRODUCTS,
      151,
    ]);
    expect(isConsistent).toBe(false);

    const copy = `${store}-copy`;
    const imported = await stores('import', folder, '--as', copy);
    expect([imported.code, imported.stdout]).toEqual([
      0,
      `${PRODUCTS} products created, 0 updated, 0 unchanged; 151 records archived\n`,
    ]);
    const again = await stores('import', folder, '--as', copy);
    expect(again.stdout).toContain(`0 products created, 0 updated, ${PRODUCTS} unchanged; `);

    const second = await mkdtemp(join(tmpdir(), 'stores-'));
    await stores('export', copy, '--to', second);
    expect((await manifestIn(second)).files['products.ndjson']).toEqual(files['products.ndjson']);
    const archived = await recordsIn(second, 'archive.ndjson');
    expect(archived).toHaveLength(151);
    expect(archived.find(({ name }) => name === 'Old 7')).toMatchObject({ 'a.b': { $c: [] } });
    await rm(second, { recursive: true });
  }, 240_000);

  it('continues after an interruption, and writes the same files', async () => {
    const patch = (status: 'suspended' | 'active') =>
      service.client.PATCH('/stores/{store}', { params: { path: { store } }, body: { status } });
    await patch('suspended');
    const whole = await mkdtemp(join(tmpdir(), 'stores-'));
    await stores('export', store, '--to', whole);

    const asked: string[] = [];
    proxy.breaks = (operation) => {
      asked.push(operation);
      return operation === 'list-archive' && asked.filter((it) => it === operation).length > 1;
    };
    const through = ['--url', proxy.url, '--token', service.token];
    const interrupted = await stores('export', store, '--to', folder, ...through);
    expect([interrupted.code, interrupted.stderr]).toEqual([1, expect.stringMatching(/^500 /)]);
    // What was written after the last saved progress is not kept.
    await writeFile(join(folder, 'archive.ndjson'), '{ "name": "hal', { flag: 'a' });

    asked.length = 0;
    proxy.breaks = (operation) => asked.push(operation) === 0;
    const { code } = await stores('export', store, '--to', folder, ...through);
    expect(code).toBe(0);
    expect(asked).not.toContain('export-products');
    expect(asked.filter((it) => it === 'list-archive')).toHaveLength(1);
    const manifest = await manifestIn(folder);
    expect(manifest).toMatchObject({ isConsistent: true, store: { status: 'suspended' } });
    expect(manifest.files).toEqual((await manifestIn(whole)).files);

    const { stderr } = await stores('export', store, '--to', folder);
    expect(stderr).toBe(`${folder} has a complete export already\n`);
    await patch('active');
    await rm(whole, { recursive: true });
  }, 240_000);
});

describe('npm run stores -- import', () => {
  it('makes products of what was archived when a store was closed', async () => {
    const id = `${store}-closed`;
    const path = { store: id };
    await service.client.POST('/stores', { body: { id, name: 'Closed', currency: 'EUR' } });
    const { data: retired } = await service.client.POST('/stores/{store}/products', {
      params: { path },
      body: { sku: 'OLD', name: 'Retired', price: { amount: 1, currency: 'EUR' } },
    });
    await service.client.DELETE('/stores/{store}/products/{product}', {
      params: { path: { ...path, product: retired.id } },
    });
    await service.client.POST('/stores/{store}/products', {
      params: { path },
      body: { sku: 'NEW', name: 'Kept', price: { amount: 2, currency: 'EUR' }, stock: 4 },
    });
    const archived = await service.client.GET('/stores/{store}/archive', { params: { path } });
    const since = new Date(Date.parse(archived.data.items[0]?._archive.archivedAt ?? '') + 1);
    for (;;) {
      const { response } = await service.client.DELETE('/stores/{store}', { params: { path } });
      if (response.status === 200) break;
    }

    await stores('export', id, '--to', folder);
    expect(await manifestIn(folder)).toMatchObject({
      isConsistent: true,
      store: { status: 'closed' },
      files: { 'products.ndjson': { records: 0 }, 'archive.ndjson': { records: 2 } },
    });
    const flags = ['--as', `${id}-2`, '--restore-since', since.toISOString()];
    const { code, stdout } = await stores('import', folder, ...flags);
    expect([code, stdout]).toEqual([
      0,
      '1 products created, 0 updated, 0 unchanged; 1 records archived\n',
    ]);
    const { data } = await service.client.GET('/stores/{store}/products', {
      params: { path: { store: `${id}-2` } },
    });
    expect(data.items).toMatchObject([{ sku: 'NEW', stock: 4 }]);

    const closed = await stores('import', folder);
    expect(closed.stderr).toBe(`The store ${id} is closed. Choose another id with --as\n`);
  }, 240_000);

  it('creates nothing from a folder whose files were changed, or that is not complete', async () => {
    const missing = await stores('import', folder, '--as', `${store}-no`);
    expect(missing.stderr).toBe(`${folder} has no complete export: manifest.json is missing\n`);
    const id = `${store}-small`;
    await service.client.POST('/stores', { body: { id, name: 'Small', currency: 'EUR' } });
    await stores('export', id, '--to', folder);
    await writeFile(join(folder, 'products.ndjson'), '{}\n', { flag: 'a' });
    const { code, stderr } = await stores('import', folder, '--as', `${store}-no`);
    expect([code, stderr]).toEqual([
      1,
      `${join(folder, 'products.ndjson')} differs from the manifest: copy the folder again\n`,
    ]);
    const read = service.client.GET('/stores/{store}', {
      params: { path: { store: `${store}-no` } },
    });
    await expect(read).rejects.toMatchObject({ status: 404 });
  }, 240_000);

  it.each([
    [[]],
    [['export']],
    [['move', 'acme']],
    [['export', 'acme']],
    [['import', 'x', '--restore-since', 'today']],
  ])('says how it is used when it gets %j', async (args) => {
    const { code, stderr } = await stores(...args);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/\nusage: npm run stores -- /)]);
  });
});
