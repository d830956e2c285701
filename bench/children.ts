import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { FROM_SOURCE } from '../local/from-source.ts';

/** A process that answers questions, one at a time. */
export interface Child extends AsyncDisposable {
  /** @throws {Error} when the child ends before it answers */
  ask<Answer>(question: unknown): Promise<Answer>;
  /** Kills it with SIGKILL, and waits for its end. */
  kill(): Promise<void>;
}

/**
 * Starts a module of this folder in a process of its own. Its log goes to /dev/null, as that of every child does:
 * a line costs the writing, and nothing behind it.
 *
 * @param file relative to this folder, or a URL
 * @param env all of its environment but PATH
 */
export function startChild(
  file: string,
  { args = [], env = {} }: { args?: string[]; env?: Record<string, string> } = {},
): Child {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    env: { PATH: process.env.PATH, ...env },
    execArgv: ['--expose-gc', ...FROM_SOURCE],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  ended.catch(() => {}); // ask() reports it
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended.catch(() => {});
  };
  return {
    ask<Answer>(question: unknown): Promise<Answer> {
      const answered = new Promise<Answer>((resolve) => {
        child.once('message', (answer) => resolve(answer as Answer));
      });
      child.send(question as object);
      return Promise.race([answered, ended]);
    },
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}

/**
 * Runs a script of this folder to its end, and returns what it writes to file descriptor 3, and its errors.
 *
 * @param flags what Node is started with
 * @param env all of its environment but PATH
 */
export async function runScript(
  script: string,
  { args, flags, env }: { args: string[]; flags: string[]; env: Record<string, string> },
): Promise<{ output: string; errors: string }> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [...flags, path, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [output, errors] = await Promise.all([
    text(child.stdio[3] as Readable),
    text(child.stderr as Readable),
    once(child, 'close'),
  ]);
  return { output, errors };
}

/** The child's end: answers each question of the process that started it. What it throws ends the child. */
export function answerParent<Question>(answer: (question: Question) => unknown): void {
  process.on('message', async (question) => {
    process.send?.((await answer(question as Question)) ?? null);
  });
  process.on('disconnect', () => process.exit());
}

/** What a child spends of its processor, in microseconds: its program, and V8's own threads. */
export async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** The bytes of the heap that something holds. A second collection takes what the first one's finalizers let go. */
export async function heapKept(): Promise<number> {
  for (let pass = 0; pass < 3; pass++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}
