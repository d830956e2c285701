import { afterAll } from '@jest/globals';
import { closeServers } from './settings.ts';

// Runs in each test file: jest waits for what is open.
afterAll(async () => {
  const { closeConnections } = await import('#lib/connections.ts');
  await closeConnections();
  await closeServers();
});
