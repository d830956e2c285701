import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FROM_SOURCE } from '../../local/from-source.ts';
import { createQuota } from './quota.ts';

/** A call of a container. */
export interface Call {
  /** From the start of the process until Node began to load the function, in milliseconds. */
  nodeStart: number;
  /** From the start of the process until the handler was exported, in milliseconds. */
  init: number;
  /** In milliseconds. */
  ms: number;
  /** In milliseconds, of all threads. */
  cpu: number;
  /** In megabytes, the most so far. */
  rss: number;
  statusCode: number;
  body: string;
  /** Bytes that were written to the log. */
  logBytes: number;
}

export interface Container extends AsyncDisposable {
  /** Calls the handler. The calls before it have left none of the quota's current period used. */
  call(event: object): Promise<Call>;
  /** Returns the lines of the log. */
  log(): string[];
}

/** Longer than a period of the quota: by then, a call has its whole share again, as one that follows a pause. */
const PAUSE_MS = 25;

/** How a container is started. */
export interface ContainerOptions {
  /** In megabytes. */
  memory: number;
  env: Record<string, string>;
  /** Whether the quota begins with the first call, so that the container starts with a full processor. */
  isStartFast?: boolean;
}

/**
 * Starts a container with the CPU quota and the heap of a Lambda function.
 *
 * @param file what Lambda loads
 */
export async function startContainer(
  file: string,
  { memory, env, isStartFast = false }: ContainerOptions,
): Promise<Container> {
  const quota = createQuota(memory);
  const folder = mkdtempSync(join(tmpdir(), 'manystore-cost-'));
  const logFile = join(folder, 'log');
  const log = openSync(logFile, 'w');
  const node = [
    ...[process.execPath, '--expose-gc', ...FROM_SOURCE],
    `--max-old-space-size=${Math.floor(memory * 0.9)}`,
    `--max-semi-space-size=${Math.floor(memory * 0.05)}`,
    fileURLToPath(new URL('container.mjs', import.meta.url)),
    file,
  ];
  // The shell enters the group before it becomes Node, so that the quota covers Node's start as well.
  const enter = 'echo $$ > "$0" && exec "$@"';
  const entrance = isStartFast ? '/dev/null' : quota.entrance;
  const child = spawn('/bin/sh', ['-c', enter, entrance, ...node], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', log, 'inherit', 'ipc'],
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  ended.catch(() => {}); // call() reports it
  const next = async () => (await Promise.race([once(child, 'message'), ended]))[0];
  await next();
  if (isStartFast) writeFileSync(quota.entrance, String(child.pid));
  return {
    async call(event) {
      await setTimeout(PAUSE_MS);
      const before = statSync(logFile).size;
      const answered = next();
      child.send(event);
      const call = await answered;
      if (call.statusCode >= 300)
        throw new Error(`${file} answered ${call.statusCode}: ${call.body}`);
      return { ...call, logBytes: statSync(logFile).size - before };
    },
    log: () => readFileSync(logFile, 'utf8').split('\n').filter(Boolean),
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended.catch(() => {});
      closeSync(log);
      rmSync(folder, { recursive: true });
      await quota[Symbol.asyncDispose]();
    },
  };
}
