import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { SCOPES } from '#lib/http/scopes.ts';
import { FROM_SOURCE } from '../../local/from-source.ts';
import { type SmokeResults, smokeTest } from '../../local/smoke/smoke-test.ts';
import { fetchToken } from '../../local/token-request.ts';
import { type BreakingProxy, startBreakingProxy } from '../support/breaking-proxy.ts';
import { sampleOf } from '../support/length.ts';
import { allFunctions } from '../support/operations.ts';
import { freePort, runLocal, type Service, startEmptyService } from '../support/service.ts';
import { servers } from '../support/settings.ts';

/*
 * Runs `npm run smoke` against the service that `npm start` runs, and against one in which an operation is broken.
 */

/** The operations without which something is left. */
const REMOVING = ['close-store', 'archive-product'];

const { operations } = await allFunctions();
const names = [...operations.keys()];
const isRemoving = (name: string) => REMOVING.includes(name);

let service: Service;
let proxy: BreakingProxy;
let issuer: string;
let mongodb: mongo.MongoClient;

/** Runs a smoke test through the proxy, and keeps its lines. */
async function run(signal?: AbortSignal): Promise<SmokeResults & { lines: string[] }> {
  const lines: string[] = [];
  const results = await smokeTest({
    url: proxy.url,
    token: service.token,
    issueToken: (claims) => fetchToken(issuer, claims),
    print: (line) => lines.push(line),
    ...(signal ? { signal } : {}),
  });
  return { ...results, lines };
}

/** What is left of smoke tests: stores that are not closed, databases, and products of the head catalog. */
async function leftovers(): Promise<string[]> {
  const found: string[] = [];
  for await (const { id, status } of service.client.items('/stores'))
    if (id.startsWith('smoke-') && status !== 'closed') found.push(id);
  const { databases } = await mongodb.db().admin().listDatabases();
  for (const { name } of databases) if (name.startsWith('store_smoke-')) found.push(name);
  const query = { q: 'smoke' };
  for await (const { sku } of service.client.items('/products', { params: { query } }))
    found.push(sku);
  return found;
}

/** Closes a store that a test has left. */
async function closed(store: string): Promise<void> {
  const close = () => service.client.DELETE('/stores/{store}', { params: { path: { store } } });
  for (let requests = 0; requests < 20; requests++) {
    const { response } = await close();
    if (response.status === 200) return;
    await pause(Number(response.headers.get('retry-after')) * 1_000);
  }
}

beforeAll(async () => {
  service = await startEmptyService({ STORE_DRAIN_MS: '1000' });
  issuer = `http://localhost:${service.issuerPort}`;
  proxy = await startBreakingProxy(service.url);
  mongodb = await mongo.MongoClient.connect(servers.primary);
}, 120_000);
afterAll(async () => {
  await mongodb?.close();
  await proxy?.stop();
  await service?.stop();
}, 120_000);

describe('npm run smoke', () => {
  it('exits with code 0 when every operation works, and leaves nothing behind', async () => {
    const env = { ISSUER_PORT: String(service.issuerPort) };
    const { code, stdout, stderr } = await runLocal('smoke.ts', { args: [service.url], env });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/\nAll \d+ checks passed\n$/);
    expect(stdout).not.toMatch(/^(?:FAIL|skip)/m);
    expect(await leftovers()).toEqual([]);
  }, 120_000);

  it('skips the tokens that only the issuer can sign when it gets a token', async () => {
    const args = [`${service.url}/`];
    const env = { MANYSTORE_TOKEN: service.token };
    const { code, stdout } = await runLocal('smoke.ts', { args, env });
    expect(code).toBe(0);
    expect(stdout.match(/^skip .*/gm)).toHaveLength(4);
    expect(stdout).toMatch(/^ok {4}tokens one with changed claims is answered with 401/m);
  }, 120_000);

  it('prints one line when no service is running', async () => {
    const url = `http://localhost:${await freePort()}`;
    const { code, stderr } = await runLocal('smoke.ts', { args: [url] });
    expect([code, stderr]).toEqual([1, `No service responds at ${url}. Start it with npm start\n`]);
  });

  it('exits with code 1 for a token that lacks scopes, and says how to roll back', async () => {
    const scopes = SCOPES.filter((scope) => scope !== 'stock:write');
    const token = await fetchToken(issuer, { stores: ['*'], scopes });
    const args = [service.url, '--token', token, '--stage', 'prod'];
    const { code, stderr } = await runLocal('smoke.ts', { args });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^2 checks failed, \d+ passed, 4 skipped:\n {2}adjust-stock .*403/);
    expect(stderr).toMatch(/: npm run rollback -- --stage prod\n$/);
    expect(await leftovers()).toEqual([]);
  }, 120_000);

  it.each(
    sampleOf(
      names.filter((name) => !isRemoving(name)),
      4,
    ),
  )(
    'finds that %s is answered with 500, and leaves nothing behind',
    async (name) => {
      proxy.breaks = (operation) => operation === name;
      const { failed } = await run();
      expect(failed.filter((line) => line.startsWith(name))).not.toEqual([]);
      expect(failed.join('\n')).toContain('500');
      expect(await leftovers()).toEqual([]);
    },
    120_000,
  );

  it('names the stores that are left when close-store is answered with 500', async () => {
    proxy.breaks = (operation) => operation === 'close-store';
    const { failed, stores } = await run();
    for (const store of stores) {
      expect(failed.at(-1)).toContain(`DELETE ${proxy.url}/stores/${store}`);
      await closed(store);
    }
    expect((await leftovers()).filter((left) => left.includes('smoke-'))).toEqual([]);
  }, 120_000);

  it('names the product that is left when archive-product is answered with 500', async () => {
    proxy.breaks = (operation) => operation === 'archive-product';
    const { failed } = await run();
    const [, product = ''] = /DELETE \S+\/products\/(\w+)/.exec(failed.at(-1) ?? '') ?? [];
    const params = { path: { product } };
    const { response } = await service.client.DELETE('/products/{product}', { params });
    expect(response.status).toBe(204);
    expect(await leftovers()).toEqual([]);
  }, 120_000);

  it('closes its stores when it is stopped', async () => {
    const env = { ...process.env, ISSUER_PORT: String(service.issuerPort) };
    const child = spawn(process.execPath, [...FROM_SOURCE, 'local/smoke.ts', service.url], { env });
    let output = '';
    let isStopped = false;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
        if (output.includes('ok    create-store') && !isStopped) isStopped = child.kill('SIGINT');
      });
    await once(child, 'close');
    expect(child.exitCode).toBe(1);
    expect(output).toContain('Stopping: the stores are closed first.');
    expect(output).toContain('ok    close-store');
    expect(await leftovers()).toEqual([]);
  }, 120_000);
});
