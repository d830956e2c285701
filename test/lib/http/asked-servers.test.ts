import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { primaryProxy, secondaryProxy } from '../../support/behind-proxies.ts';
import { everyRequest } from '../../support/every-request.ts';
import { call, invoke } from '../../support/gateway.ts';
import { closeDirect } from '../../support/mirror.ts';
import { allFunctions } from '../../support/operations.ts';
import type { Site } from '../../support/sites.ts';
import { absentSite, openSite } from '../../support/sites.ts';

// Otherwise an entry of the registry could come from the cache, without a query.
process.env.STORE_FRESH_MS = '0';
const { operations, tasks } = await allFunctions();

let mate: Site;
beforeAll(async () => {
  mate = await openSite();
});
afterAll(closeDirect);

/** Returns the servers that received a command while `work` ran. */
async function askedBy(work: () => Promise<unknown>): Promise<string[]> {
  for (const proxy of [primaryProxy, secondaryProxy]) proxy.commands.length = 0;
  await work();
  const proxies = { primary: primaryProxy, secondary: secondaryProxy };
  return Object.entries(proxies).flatMap(([name, { commands }]) => (commands.length ? [name] : []));
}

// A server that a contract lists needlessly is connected to for nothing; a missing one is connected to too late.
it.each([...operations])(
  '%s queries exactly the servers of its contract',
  async (name, handler) => {
    const [row] = Object.values(everyRequest[name] ?? {});
    const site = row?.opens ? absentSite(mate) : await openSite();
    const asked = await askedBy(async () => {
      const request = row?.request(site, mate) ?? {};
      expect(await call(handler, request)).toMatchObject({ status: row?.status ?? 200 });
    });
    expect(asked).toEqual(handler.contract.servers ?? ['primary']);
  },
);

const inputs: Record<string, object> = { 'roll-out-indexes': { mode: 'plan' } };

it.each([...tasks])('%s queries exactly the servers of its contract', async (name, task) => {
  const asked = await askedBy(() => invoke(task, inputs[name]));
  expect(asked).toEqual(task.contract.servers ?? ['primary']);
});
