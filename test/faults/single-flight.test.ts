import { expect, it } from '@jest/globals';
import { primary } from '#lib/connections.ts';
import { primaryProxy } from '../support/behind-proxies.ts';

it('opens one pool for 100 concurrent connects', async () => {
  const connections = await Promise.all(Array.from({ length: 100 }, () => primary()));
  expect(new Set(connections).size).toBe(1);
  await connections[0]?.db?.command({ ping: 1 });
  // One socket for the ping, and those with which the driver monitors the server.
  expect(primaryProxy.accepted).toBeLessThanOrEqual(3);
});
