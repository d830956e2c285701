import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeConnections } from '#lib/connections.ts';
import { startEmbeddedServers } from '../../local/servers.ts';
import { seedExamples } from '../../openapi/example-catalog.ts';
import { exampleInputs, exampleRequests } from '../../openapi/example-requests.ts';
import { inExampleOrder } from '../../openapi/examples.ts';
import { callArtifact, packaged, packagedOnly } from '../support/artifacts.ts';
import { eventOf } from '../support/gateway.ts';
import { isFullLength } from '../support/length.ts';
import { allFunctions } from '../support/operations.ts';
import { describeBudget } from './budget.ts';
import { describeRoleSignIn } from './role-sign-in.ts';
import { DEPLOYER, describeTemplate } from './template.ts';

/** What is packaged if not at full length: an operation on both servers, one with files, the largest, and a task. */
const SOME = ['get-health', 'get-docs', 'import-products', 'sync-mirror'];

// Once for all tests below: it takes seconds, and two at the same time would build in one folder.
const folder = isFullLength ? packaged(DEPLOYER) : packagedOnly(SOME);
const { operations, tasks } = await allFunctions();
if (!isFullLength)
  for (const functions of [operations, tasks])
    for (const name of functions.keys()) if (!SOME.includes(name)) functions.delete(name);

/** The functions in an order in which each finds the data that its example needs. */
const ordered = inExampleOrder([...operations]);

// The examples name their stores, so that they need servers of their own.
const servers = await startEmbeddedServers();
Object.assign(process.env, servers.env);
beforeAll(seedExamples);
afterAll(async () => {
  await closeConnections();
  await servers.stop();
});

describe('the packaged functions', () => {
  it('are one archive each', () => {
    const archives = readdirSync(folder).filter((file) => file.endsWith('.zip'));
    const names = [...operations.keys(), ...tasks.keys()].sort();
    expect(archives.sort()).toEqual(names.map((name) => `${name}.zip`));
  });

  it.each(ordered)('%s answers its example by itself, outside the project', async (name, it) => {
    const event = eventOf(it, exampleRequests[name] ?? {});
    const { status, codeCache, servers, sockets } = await callArtifact(folder, name, { event });
    expect(status).toBeLessThan(300);
    expect(Object.keys(it.contract.answers)).toContain(String(status));
    expect(codeCache).toBe('used');
    // The examples are on the primary, so that only the overview needs the other cluster.
    const clusters = name === 'report-overview' ? ['eu-1'] : [];
    const needed = [...(it.contract.servers ?? ['primary']), ...clusters];
    expect(needed).toEqual(expect.arrayContaining(servers));
    // While it started, it has opened two sockets to each server: the monitor's, and one of the pool.
    expect(sockets).toBeGreaterThanOrEqual(2 * (it.contract.servers ?? ['primary']).length);
  });

  if (tasks.size > 0)
    it.each([...tasks])(
      '%s runs its example by itself, outside the project',
      async (name, task) => {
        const event = exampleInputs[name] ?? {};
        const { result, codeCache } = await callArtifact(folder, name, { event });
        expect(task.contract.result.safeParse(result)).toMatchObject({ success: true });
        expect(codeCache).toBe('used');
      },
    );
});

describeBudget(folder, [...operations, ...tasks]);
if (isFullLength) describeTemplate(folder);
describeRoleSignIn(folder);
