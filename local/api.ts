import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { url as inspectorUrl } from 'node:inspector';
import { COMPILE_CACHE } from './compile-cache.ts';
import { FROM_SOURCE, SERVERLESS } from './from-source.ts';
import { createLambdaSecret } from './lambda-secret.ts';
import { formatLines, type LogFormat, lineFormatter } from './log-format.ts';
import { freePort, requireFree } from './ports.ts';

/** The HTTP API, as serverless-offline serves it from `serverless.yml`. */
export interface Api {
  url: string;
  /** The URL at which its functions can be invoked, in the form of Lambda's API. */
  lambdaUrl: string;
}

/** With a debugger attached, a request may pause for 15 minutes, the longest timeout of Lambda: `limit-time.ts` then ignores the time limits. */
const timeout = () => (inspectorUrl() ? ['--param', 'timeout=900'] : []);

/**
 * Starts the API and waits until it is ready. Its output until then is shown only if it does not start.
 *
 * @param port the port that it listens on
 * @param logFormat how its output is shown once it is ready
 * @param env environment variables for the functions, in addition to those of this process
 * @param servers further ones, which the functions need first: what serves them is loaded meanwhile
 * @param onSpawn receives the function that stops it, before it is ready
 * @param onExit called if it exits unexpectedly afterwards
 * @throws {Error} when the port is in use, or the API does not start
 */
export async function startApi({
  port,
  logFormat,
  env,
  servers,
  onSpawn,
  onExit,
}: {
  port: number;
  logFormat: LogFormat;
  env: Record<string, string>;
  servers: Promise<Record<string, string>>;
  onSpawn: (stop: () => Promise<void>) => void;
  onExit: () => void;
}): Promise<Api> {
  await requireFree(port);
  const lambdaPort = await freePort(
    process.env.LAMBDA_PORT ? Number(process.env.LAMBDA_PORT) : port + 2,
  );
  const { secret, remove } = await createLambdaSecret(lambdaPort);
  const command = ['offline', 'start', ...timeout()];
  const child = spawn(process.execPath, [...FROM_SOURCE, SERVERLESS, ...command], {
    env: {
      ...process.env,
      ...env,
      PORT: String(port),
      LAMBDA_PORT: String(lambdaPort),
      LAMBDA_SECRET: secret,
      AWAIT_SERVERS: 'true',
      NODE_COMPILE_CACHE: COMPILE_CACHE,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Its own process group: Ctrl-C reaches only this process, which stops everything in order.
    detached: true,
  });
  onSpawn(async () => {
    child.off('exit', onExit);
    await remove();
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  // A failure of the servers is reported by the caller, and stops the API.
  servers.then((settings) => child.send(settings)).catch(() => {});
  await untilReady(child);
  const format = lineFormatter(logFormat, process.stdout.isTTY);
  child.stdout?.pipe(formatLines(format)).pipe(process.stdout);
  child.stderr?.pipe(formatLines(format)).pipe(process.stderr);
  child.once('exit', onExit);
  return { url: `http://localhost:${port}`, lambdaUrl: `http://localhost:${lambdaPort}` };
}

function untilReady(child: ChildProcess): Promise<void> {
  let output = '';
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      child.stdout?.off('data', read);
      child.stderr?.off('data', read);
      child.off('exit', fail);
      end();
    };
    const read = (chunk: Buffer) => {
      output += chunk;
      if (output.includes('Server ready')) settle(resolve);
    };
    const fail = () => settle(() => reject(new Error(`The HTTP API did not start:\n${output}`)));
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', fail);
  });
}
