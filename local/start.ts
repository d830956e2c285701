import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { PRIMARY_CLUSTER } from '#lib/runtime/cluster-names.ts';
import { faultOfCursorSecret } from '#lib/runtime/settings.ts';
import { startApi } from './api.ts';
import { runCommand } from './command.ts';
import type { LogFormat } from './log-format.ts';
import { freePort } from './ports.ts';
import { get } from './service.ts';
import { AUDIENCE } from './token-request.ts';
import { welcome } from './welcome.ts';

/*
 * `npm start`: starts three MongoDB servers and the HTTP API, and creates the sample catalog, unless it gets `--empty`. Ctrl-C
 * stops everything. An error is printed in one line. What serves the API is loaded while the process of the API loads its own
 * modules, so this file imports little.
 */

const stops: (() => Promise<void>)[] = [];

interface Flags {
  mongod: boolean;
  watch: boolean;
  empty: boolean;
  data?: string | undefined;
}

async function start(flags: Flags): Promise<void> {
  const port = portFrom(process.env.PORT || '3000');
  const { JWT_ISSUER: named, JWT_AUDIENCE: audience = AUDIENCE } = process.env;
  const tokenPort = named ? undefined : await freePort(issuerPort(port));
  const env = {
    // The functions take the secrets from the environment instead of AWS.
    SECRETS_PARAMETER: '',
    JWT_ISSUER: named || `http://localhost:${tokenPort}`,
    JWT_AUDIENCE: audience,
    CURSOR_SECRET: cursorSecret(),
    // With a default, stores that are created without a cluster are where the examples expect them.
    DEFAULT_CLUSTER: process.env.DEFAULT_CLUSTER || PRIMARY_CLUSTER,
    // Any page of this machine may call the API. The guard rejects those of other sites.
    CORS_ORIGIN: '*',
    RELOAD: flags.watch ? 'true' : '',
    // Metrics are for CloudWatch. As JSON, the lines of the log would be twice as long with them.
    POWERTOOLS_METRICS_DISABLED: process.env.POWERTOOLS_METRICS_DISABLED || 'true',
    POWERTOOLS_LOG_LEVEL: process.env.POWERTOOLS_LOG_LEVEL || 'INFO',
  };
  const connectionStrings = Promise.withResolvers<Record<string, string>>();
  const starting = startApi({
    port,
    logFormat: logFormatFrom(process.env.LOG),
    onSpawn: (stop) => stops.push(stop),
    env,
    servers: connectionStrings.promise,
    onExit: () => end(new Error('The HTTP API stopped unexpectedly')),
  });
  const backend = import('./backend.ts').then(({ startBackend }) =>
    startBackend({
      ...flags,
      tokenPort,
      env,
      onStart: (stop) => stops.push(stop),
      onServers: connectionStrings.resolve,
    }),
  );
  const [api, started] = await Promise.all([starting, backend]);
  process.stdout.write(welcome({ ...api, ...started }));
  // The first request of a process takes longer. Its response does not matter.
  const { token } = started;
  if (token) await get({ url: api.url, token }, '/products').catch(() => {});
}

/** Returns the secret that signs cursors: the one of the environment, or a new one. */
function cursorSecret(): string {
  const secret = process.env.CURSOR_SECRET || randomBytes(32).toString('hex');
  const fault = faultOfCursorSecret(secret);
  if (fault) throw new Error(`CURSOR_SECRET ${fault}`);
  return secret;
}

/** Returns the port of the issuer: one above the API, unless a setting overrides it. */
const issuerPort = (port: number) => Number(process.env.ISSUER_PORT || port + 1);

function portFrom(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error('PORT must be a number from 1 to 65535');
}

/** Returns the format of the log: text at a terminal and JSON otherwise, unless a setting overrides it. */
function logFormatFrom(name: string | undefined): LogFormat {
  if (name === 'json' || name === 'text') return name;
  if (!name) return process.stdout.isTTY ? 'text' : 'json';
  throw new Error('LOG must be json or text');
}

let ending = false;

/** Stops everything that was started, in reverse order. */
async function end(error?: unknown): Promise<void> {
  if (ending) return;
  ending = true;
  if (error) process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  for (const stop of stops.reverse()) await stop();
  process.exit(error ? 1 : 0);
}

for (const output of [process.stdout, process.stderr])
  output.once('error', () => end(new Error('The output cannot be written any more')));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end());
// `npm start` runs this in a shell that does not forward signals: when the shell exits, this process gets a new parent.
const parent = process.ppid;
setInterval(() => process.ppid === parent || end(), 500).unref();

await runCommand({
  usage: 'npm start -- [--mongod] [--data FOLDER] [--empty] [--watch]',
  about:
    'Starts three embedded MongoDB servers (or real ones with --mongod, which are downloaded), the HTTP API and a token\n' +
    'issuer, and creates the sample catalog, unless --empty is given. With --watch, or as npm run dev, it serves\n' +
    'changes of the code at once.\n' +
    'With --data, the embedded servers store their data in a folder, and have it again at the next start.\n' +
    'The settings in .env.example change other things. Ctrl-C stops everything.',
  async main() {
    const flag = { type: 'boolean', default: false } as const;
    const { values } = parseArgs({
      options: { mongod: flag, empty: flag, watch: flag, data: { type: 'string' } },
    });
    await start(values).catch(end);
    return 0;
  },
});
