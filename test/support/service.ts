import { type ChildProcess, exec, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FROM_SOURCE } from '../../local/from-source.ts';
import { requireServed } from './served.ts';

/** `npm start`, as its user runs it. */
export interface Service {
  url: string;
  /** A token of its issuer, for everything; it prints one. Empty with an issuer of the test's own. */
  token: string;
  /** Sends a request with that token, and holds the answer against the contract of its operation. */
  fetch: (path: string, init?: RequestInit) => Promise<Response>;
  /** Where its functions can be invoked: what LAMBDA_PORT says. */
  lambdaPort: number;
  /** What it has printed so far. */
  output: () => string;
  /** The commands that it printed to try. */
  curls: string[];
  /** Ends it as Ctrl-C does, and gives its exit code. */
  stop: () => Promise<number | null>;
  /** Ends the process that was started, and that alone. */
  kill: () => void;
}

interface Start {
  env?: Record<string, string>;
  args?: string[];
  /** Through npm, with its shell in between, rather than the program itself. */
  throughNpm?: boolean;
  /** Another command that starts it, with its arguments. */
  command?: [string, string[]];
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const script = 'local/start.ts';
const serverless = fileURLToPath(import.meta.resolve('serverless/bin/serverless.js'));
const shell = promisify(exec);

/** Runs a command in a shell, and gives what it printed. */
export const run = async (command: string): Promise<string> => (await shell(command)).stdout;

/** Starts the service on a free port, and waits until it says what to try. */
export async function startService({ env = {}, ...start }: Start = {}): Promise<Service> {
  const port = await freePort();
  const lambdaPort = await freePort();
  const ports = {
    PORT: String(port),
    LAMBDA_PORT: String(lambdaPort),
    ISSUER_PORT: String(await freePort()),
  };
  const { child, output } = launch({ env: { ...ports, ...env }, ...start });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', () => output().includes('Ctrl-C to stop') && resolve());
    child.once('exit', () => reject(new Error(`It did not start:\n${output()}`)));
  });
  const url = `http://localhost:${port}`;
  const [, token = ''] = /TOKEN=(\S+)/.exec(output()) ?? [];
  return {
    url,
    token,
    fetch: async (path, { headers, ...init } = {}) => {
      const response = await fetch(`${url}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${token}`, ...headers },
      });
      await requireServed({ method: init.method, path }, response.clone());
      return response;
    },
    lambdaPort,
    output,
    curls: output().match(/curl (?:.*\\\n)*.*/g) ?? [],
    kill: () => child.kill('SIGTERM'),
    stop: async () => {
      if (child.exitCode !== null || child.pid === undefined) return child.exitCode;
      process.kill(-child.pid, 'SIGINT');
      await once(child, 'exit');
      return child.exitCode;
    },
  };
}

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
  // Its result is the last thing that it prints. It does not end by itself: the connections stay open.
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

/** Starts the service where it cannot start, and gives how it ended. */
export async function failToStart(start: Start): Promise<{ code: number | null; output: string }> {
  const { child, output } = launch(start);
  await once(child, 'close');
  return { code: child.exitCode, output: output() };
}

/** Runs a program of local/ to its end, as `npm run` does. */
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
    // A process group of its own, as a terminal gives it: Ctrl-C goes to the whole of it.
    detached: true,
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  return { child, output: () => text };
}

/** The environment without what the tests have set in it. */
function withoutSettings(): NodeJS.ProcessEnv {
  const { PRIMARY_CONN_STR, SECONDARY_CONN_STR, POWERTOOLS_LOG_LEVEL, ...env } = process.env;
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
