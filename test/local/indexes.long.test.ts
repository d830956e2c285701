import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { freePort, runLocal, type Service, startService } from '../support/service.ts';
import { run, servers } from '../support/settings.ts';

let service: Service;
let client: mongo.MongoClient;
let env: Record<string, string>;

const store = `indexes-${run}`;
const database = `store_${store}`;

beforeAll(async () => {
  service = await startService({
    env: { PRIMARY_CONN_STR: servers.primary, SECONDARY_CONN_STR: servers.secondary },
  });
  env = { LAMBDA_PORT: String(service.lambdaPort) };
  client = await mongo.MongoClient.connect(servers.primary);
  const created = await service.fetch('/stores', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: store, name: 'A Store', currency: 'EUR' }),
  });
  expect(created.status).toBe(201);
}, 120_000);
afterAll(async () => {
  await client.close();
  await service.stop();
});

describe('npm run indexes', () => {
  it('plans changes, applies them, and then plans none', async () => {
    const products = client.db(database).collection('products');
    await products.dropIndex('terms_1');
    await products.createIndex({ old: 1 });

    const planned = await runLocal('indexes.ts', { args: ['plan'], env });
    expect([planned.code, planned.stderr]).toEqual([0, expect.stringContaining('(100 %')]);
    expect(planned.stdout).toMatch(
      new RegExp(`^${database}: lacks products.terms_1; .*products.old_1$`, 'm'),
    );

    const applied = await runLocal('indexes.ts', { args: ['apply', '--drop'], env });
    expect(applied.code).toBe(0);
    expect(applied.stdout).toMatch(
      new RegExp(`^${database}: created products.terms_1; dropped: products.old_1$`, 'm'),
    );

    const again = await runLocal('indexes.ts', { args: ['plan'], env });
    expect(again.stdout).toMatch(/^All \d+ databases match the schemas\n$/);
  }, 120_000);

  it('exits with code 1 when a database failed, and prints why', async () => {
    const products = client.db(database).collection('products');
    await products.dropIndex('sku_1');
    await products.insertMany([{ sku: 'A' }, { sku: 'A' }]);
    const { code, stdout } = await runLocal('indexes.ts', { args: ['apply'], env });
    expect(code).toBe(1);
    expect(stdout).toContain(
      `${database}: FAILED: products.sku_1 (unique): documents have duplicate values for sku\n1 of `,
    );
  }, 120_000);

  it.each([[[]], [['make']], [['plan', 'apply']], [['plan', '--force']]])(
    'says how it is used when it gets %j',
    async (args) => {
      const { code, stderr } = await runLocal('indexes.ts', { args, env });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^.+\nusage: npm run indexes -- plan\|apply .*\n$/);
    },
  );

  it('prints one line when the service is not running', async () => {
    const nobody = { LAMBDA_PORT: String(await freePort()) };
    const { code, stderr } = await runLocal('indexes.ts', { args: ['plan'], env: nobody });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^The service does not respond.*\n$/),
    ]);
  });
});

describe('npm run invoke', () => {
  it('prints the result of a task as JSON', async () => {
    const args = ['roll-out-indexes', '{ "mode": "plan" }'];
    const { code, stdout } = await runLocal('invoke.ts', { args, env });
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ mode: 'plan' })]);
  });

  it('prints one line that says why a task failed', async () => {
    const args = ['roll-out-indexes', '{ "mode": "make" }'];
    const { code, stderr } = await runLocal('invoke.ts', { args, env });
    const reason =
      /^roll-out-indexes failed: The input does not match this task's schema: \/mode .*\n$/;
    expect([code, stderr]).toEqual([1, expect.stringMatching(reason)]);
  });

  it.each([
    ['a task that is not there', ['no-task'], /^Unknown task no-task; expected one of .*/],
    ['a function that answers HTTP', ['get-product'], /^Unknown task get-product; .*/],
    ['no task', [], /^Expected one task, and at most one input$/],
    [
      'input that is not an object',
      ['roll-out-indexes', '{ mode'],
      /^The input must be a JSON object$/,
    ],
  ])('prints its usage when it gets %s', async (_, args, reason) => {
    const { code, stderr } = await runLocal('invoke.ts', { args, env });
    const [first, second] = stderr.split('\n');
    expect([code, first]).toEqual([1, expect.stringMatching(reason)]);
    expect(second).toMatch(/^usage: npm run invoke -- /);
  });
});
