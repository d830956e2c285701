import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { primaryProxy, secondaryProxy } from '../../support/behind-proxies.ts';
import { everyRequest } from '../../support/every-request.ts';
import { call, invoke } from '../../support/gateway.ts';
import { closeDirect } from '../../support/mirror.ts';
import { allFunctions } from '../../support/operations.ts';
import type { Site } from '../../support/sites.ts';
import { absentSite, openSite } from '../../support/sites.ts';

// Else an entry of the registry would serve that another request has read.
process.env.STORE_FRESH_MS = '0';
const { operations, tasks } = await allFunctions();

let mate: Site;
beforeAll(async () => {
  mate = await openSite();
});
afterAll(closeDirect);

/** The servers that were asked anything while `work` ran. */
async function askedBy(work: () => Promise<unknown>): Promise<string[]> {
  for (const proxy of [primaryProxy, secondaryProxy]) proxy.commands.length = 0;
  await work();
  const proxies = { primary: primaryProxy, secondary: secondaryProxy };
  return Object.entries(proxies).flatMap(([name, { commands }]) => (commands.length ? [name] : []));
}

// A server that a contract has too many is connected to for nothing; one that it lacks, too late.
it.each([...operations])(
  '%s asks the servers of its contract, and no other',
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

it.each([...tasks])('%s asks the servers of its contract, and no other', async (name, task) => {
  const asked = await askedBy(() => invoke(task, inputs[name]));
  expect(asked).toEqual(task.contract.servers ?? ['primary']);
});
