import { afterAll } from '@jest/globals';

// Runs in each test file: jest waits for open connections.
afterAll(async () => {
  if (!('hasConnected' in globalThis)) return;
  const { closeConnections } = await import('#lib/connections.ts');
  await closeConnections();
}, 120_000);
