import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { callArtifact, packaged } from '../support/artifacts.ts';
import { addProduct, aProduct, openStore } from '../support/catalog.ts';
import { eventOf, type TestRequest } from '../support/gateway.ts';
import { allFunctions } from '../support/operations.ts';
import { run } from '../support/settings.ts';
import { describeBudget } from './budget.ts';
import { describeRoleSignIn } from './role-sign-in.ts';
import { DEPLOYER, describeTemplate } from './template.ts';

// Once for all that looks at it: it takes seconds, and two at the same time would build in one folder.
const folder = packaged(DEPLOYER);
const { operations, tasks } = await allFunctions();

let store: string;
let product: string;
let unwanted: string;
beforeAll(async () => {
  store = await openStore();
  product = (await addProduct({ store })).product.id;
  unwanted = await openStore();
});

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
  'get-docs': () => ({ request: { path: { asset: 'swagger-ui.css' } }, status: 200 }),
  'get-health': () => ({ request: {}, status: 200 }),
  'get-openapi': () => ({ request: {}, status: 200 }),
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

describe('the packaged functions', () => {
  it('are one archive each', () => {
    const archives = readdirSync(folder).filter((file) => file.endsWith('.zip'));
    const names = [...operations.keys(), ...tasks.keys()].sort();
    expect(archives.sort()).toEqual(names.map((name) => `${name}.zip`));
  });

  it.each([...operations])('%s works by itself, outside the project', async (name, operation) => {
    const { request, status } = requests[name]?.() ?? { request: {}, status: 0 };
    const answer = await callArtifact(folder, name, { event: eventOf(operation, request) });
    expect(answer).toMatchObject({ status, codeCache: 'used' });
    expect(operation.contract.servers ?? ['primary']).toEqual(
      expect.arrayContaining(answer.servers),
    );
  });

  if (tasks.size > 0)
    it.each([...tasks.keys()])('%s works by itself, outside the project', async (name) => {
      const { input, result } = inputs[name] ?? { input: {}, result: { no: 'row' } };
      const answer = await callArtifact(folder, name, { event: input });
      expect(answer).toMatchObject({ result, codeCache: 'used' });
    });
});

describeBudget(folder);
describeTemplate(folder);
describeRoleSignIn(folder);
