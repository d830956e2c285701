import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SCOPES } from '#lib/http/scopes.ts';
import { faultOfCursorSecret } from '#lib/runtime/settings.ts';
import { startApi } from './api.ts';
import { AUDIENCE, fetchToken, startIssuer } from './issuer.ts';
import { freePort } from './ports.ts';
import { hasSampleCatalog, seedIfEmpty } from './sample-catalog.ts';
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
  const port = portFrom(process.env.PORT || '3000');

  const servers = await startServers({ mongod: flags.mongod });
  stops.push(servers.stop);
  const { JWT_ISSUER: named, JWT_AUDIENCE: audience = AUDIENCE } = process.env;
  const issuer = named ? undefined : await startIssuer(await freePort(issuerPort(port)));
  if (issuer) stops.push(issuer.stop);
  const api = await startApi({
    port,
    onSpawn: (stop) => stops.push(stop),
    env: {
      // The secrets follow: the functions need not ask AWS for them.
      SECRETS_PARAMETER: '',
      ...servers.env,
      JWT_ISSUER: named || (issuer?.url ?? ''),
      JWT_AUDIENCE: audience,
      CURSOR_SECRET: cursorSecret(),
      // Metrics are lines of JSON for CloudWatch: at a terminal they only hide the log.
      POWERTOOLS_METRICS_DISABLED: process.env.POWERTOOLS_METRICS_DISABLED || 'true',
    },
    onExit: () => end(new Error('The HTTP API stopped unexpectedly')),
  });
  // Without an issuer of its own, it has no token to write anything with.
  const token = issuer && (await fetchToken(issuer.url, { stores: ['*'], scopes: [...SCOPES] }));
  if (token) await seedIfEmpty({ url: api.url, token });
  const hasSample = token !== undefined && (await hasSampleCatalog({ url: api.url, token }));
  process.stdout.write(welcome({ ...api, servers: servers.description, token, hasSample }));
}

/** Returns the secret that signs cursors: the one of the environment, or a new one. */
function cursorSecret(): string {
  const secret = process.env.CURSOR_SECRET || randomBytes(32).toString('hex');
  const fault = faultOfCursorSecret(secret);
  if (fault) throw new Error(`CURSOR_SECRET ${fault}`);
  return secret;
}

/** Where the issuer listens: one port above the API, unless a setting says otherwise. */
const issuerPort = (port: number) => Number(process.env.ISSUER_PORT || port + 1);

function portFrom(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error('PORT must be a number from 1 to 65535');
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
