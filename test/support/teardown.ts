import { afterAll } from '@jest/globals';
import { closeConnections } from '#lib/connections.ts';
import { dropDatabases } from './settings.ts';

// Runs in each test file: jest waits for open connections.
afterAll(async () => {
  await closeConnections();
  await dropDatabases();
}, 120_000);
