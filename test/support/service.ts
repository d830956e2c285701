import { type ChildProcess, exec, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Manystore, manystore } from '@manystore/client';
import { FROM_SOURCE } from '../../local/from-source.ts';
import { requireServed } from './served.ts';
import { servers } from './settings.ts';

/** A running `npm start`. */
export interface Service {
  url: string;
  /** A token of its issuer for everything, which it prints. Empty if the test has its own issuer. */
  token: string;
  /** A client with that token. It retries nothing, and checks each response against the contract of its operation. */
  client: Manystore;
  /** Sends a request as that client does. */
  fetch: (path: string, init?: RequestInit) => Promise<Response>;
  /** The port at which its functions can be invoked, as LAMBDA_PORT says. */
  lambdaPort: number;
  /** The port of its issuer, as ISSUER_PORT says. */
  issuerPort: number;
  /** Its output so far. */
  output: () => string;
  /** The commands that it printed to try. */
  curls: string[];
  /** Stops it as Ctrl-C does, and returns its exit code. */
  stop: () => Promise<number | null>;
  /** Kills it and its children with SIGKILL. */
  killAll: () => Promise<void>;
  /** Kills only the process that was started, not its children. */
  kill: () => void;
}

interface Start {
  env?: Record<string, string>;
  args?: string[];
  /** Start it through npm, with npm's shell in between, instead of the program itself. */
  throughNpm?: boolean;
  /** Another command that starts it, with its arguments. */
  command?: [string, string[]];
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const script = 'local/start.ts';
const serverless = fileURLToPath(import.meta.resolve('serverless/bin/serverless.js'));
const shell = promisify(exec);

/** Runs a command in a shell, and returns its output. */
export const run = async (command: string): Promise<string> => (await shell(command)).stdout;

/** Starts the service on a free port, and waits until it prints the commands to try. */
export async function startService({ env = {}, ...start }: Start = {}): Promise<Service> {
  const port = await freePort();
  const lambdaPort = await freePort();
  const issuerPort = await freePort();
  const ports = {
    PORT: String(port),
    LAMBDA_PORT: String(lambdaPort),
    ISSUER_PORT: String(issuerPort),
  };
  const { child, output } = launch({ env: { ...ports, ...env }, ...start });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', () => output().includes('Ctrl-C to stop') && resolve());
    child.once('exit', () => reject(new Error(`It did not start:\n${output()}`)));
  });
  const url = `http://localhost:${port}`;
  const [, token = ''] = /TOKEN=(\S+)/.exec(output()) ?? [];
  const checkedFetch = async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    const response = await fetch(`${url}${path}`, { ...init, headers });
    await requireServed({ method: init.method, path }, response.clone());
    return response;
  };
  return {
    url,
    token,
    client: manystore({
      url,
      fetch: (input, init) => checkedFetch(input.slice(url.length), init),
      maxRetries: 0,
    }),
    fetch: checkedFetch,
    lambdaPort,
    issuerPort,
    output,
    curls: output().match(/curl (?:.*\\\n)*.*/g) ?? [],
    kill: () => child.kill('SIGTERM'),
    killAll: async () => {
      const exited = once(child, 'exit');
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await exited;
    },
    stop: async () => {
      if (child.exitCode !== null || child.pid === undefined) return child.exitCode;
      process.kill(-child.pid, 'SIGINT');
      await once(child, 'exit');
      return child.exitCode;
    },
  };
}

/** Starts the service on the servers of the test, without the sample catalog. */
export const startEmptyService = (env: Record<string, string> = {}): Promise<Service> =>
  startService({
    args: ['--empty'],
    env: { PRIMARY_CONN_STR: servers.primary, SECONDARY_CONN_STR: servers.secondary, ...env },
  });

/**
 * Runs a function of `serverless.yml` by `serverless invoke local`, as one would at a terminal, and gives its
 * result.
 */
export async function invokeLocal(
  name: string,
  input: object,
  env: Record<string, string>,
): Promise<ReturnType<typeof JSON.parse>> {
  const parameters = ['invoke', 'local', '-f', name, '--data', JSON.stringify(input)];
  const child = spawn(process.execPath, [...FROM_SOURCE, serverless, ...parameters], {
    cwd: root,
    env: { ...withoutSettings(), POWERTOOLS_LOG_LEVEL: 'SILENT', ...env },
  });
  let text = '';
  // The result is the last output. The process does not exit, because the connections stay open.
  const result = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const [json] = text.match(/^\{\n[\s\S]*\n\}$/m) ?? [];
      if (json) resolve(json);
    });
    child.stderr.on('data', (chunk) => (text += chunk));
    child.once('exit', () => reject(new Error(`${name} gave no result:\n${text}`)));
  });
  const exited = once(child, 'exit');
  child.kill();
  await exited;
  return JSON.parse(result);
}

/** Starts the service where it must fail, and returns its exit code and output. */
export async function failToStart(start: Start): Promise<{ code: number | null; output: string }> {
  const { child, output } = launch(start);
  await once(child, 'close');
  return { code: child.exitCode, output: output() };
}

/** Runs a program of local/ until it exits, as `npm run` does. */
export async function runLocal(
  file: string,
  { args = [], env = {} }: { args?: string[]; env?: Record<string, string> } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [...FROM_SOURCE, `local/${file}`, ...args], {
    cwd: root,
    env: { ...withoutSettings(), ...env },
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (printed.stdout += chunk));
  child.stderr.on('data', (chunk) => (printed.stderr += chunk));
  await once(child, 'close');
  return { code: child.exitCode, ...printed };
}

function launch({ env = {}, args = [], throughNpm = false, command }: Start): {
  child: ChildProcess;
  output: () => string;
} {
  const direct: [string, string[]] = [process.execPath, [...FROM_SOURCE, script]];
  const [program, first] = throughNpm ? ['npm', ['start', '--']] : (command ?? direct);
  const child = spawn(program, [...first, ...args], {
    cwd: root,
    env: { ...withoutSettings(), ...env },
    // A new process group, as in a terminal: Ctrl-C is sent to all of it.
    detached: true,
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  return { child, output: () => text };
}

/** The environment without the variables that the tests have set. */
function withoutSettings(): NodeJS.ProcessEnv {
  const {
    PRIMARY_CONN_STR,
    SECONDARY_CONN_STR,
    CLUSTER_CONN_STRS,
    DEFAULT_CLUSTER,
    POWERTOOLS_LOG_LEVEL,
    ...env
  } = process.env;
  return env;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
