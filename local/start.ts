import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startApi } from './api.ts';
import { seedIfEmpty } from './sample-catalog.ts';
import { startServers } from './servers.ts';
import { welcome } from './welcome.ts';

/*
 * `npm start`: two MongoDB servers, the HTTP API on them, and the sample catalog in them. Ctrl-C ends all
 * of it. What goes wrong is told in one line.
 */

const stops: (() => Promise<void>)[] = [];

async function start(): Promise<void> {
  const { values: flags } = parseArgs({ options: { mongod: { type: 'boolean', default: false } } });
  if (existsSync('.env')) process.loadEnvFile('.env');
  const port = Number(process.env.PORT || 3000);

  const servers = await startServers({ mongod: flags.mongod });
  stops.push(servers.stop);
  const api = await startApi({
    port,
    env: {
      PRIMARY_CONN_STR: servers.primary,
      SECONDARY_CONN_STR: servers.secondary,
      CURSOR_SECRET: process.env.CURSOR_SECRET || randomUUID(),
      // Metrics are lines of JSON for CloudWatch: at a terminal they only hide the log.
      POWERTOOLS_METRICS_DISABLED: process.env.POWERTOOLS_METRICS_DISABLED || 'true',
    },
    onExit: () => end(new Error('The HTTP API has ended')),
  });
  stops.push(api.stop);
  await seedIfEmpty(api.url);
  process.stdout.write(welcome(api.url, servers.description));
}

let ending = false;

/** Stops what was started, the last first. */
async function end(error?: unknown): Promise<void> {
  if (ending) return;
  ending = true;
  if (error) process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  for (const stop of stops.reverse()) await stop();
  process.exit(error ? 1 : 0);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end());
// `npm start` runs this in a shell that passes no signal on: when that goes, this process has a new parent.
const parent = process.ppid;
setInterval(() => process.ppid === parent || end(), 500).unref();
start().catch(end);
