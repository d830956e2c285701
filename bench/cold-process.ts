import { existsSync } from 'node:fs';
import { FROM_SOURCE } from '../local/from-source.ts';
import { runScript } from './children.ts';

/** What a cold container took, in milliseconds from just before its file was loaded. */
export interface Start {
  /** When its file was loaded, in milliseconds since the epoch. */
  startedAt: number;
  /** Until the handler was there. */
  load: number;
  /** Until the first answer; 0 if none was asked for. */
  first: number;
  /** The processor's time until the first answer, of all threads; 0 if none was asked for. */
  cpu: number;
  /** In bytes, after the first answer. */
  rss: number;
}

/** The environment of a container that does not connect while it starts. */
const UNCONNECTED = { AWS_LAMBDA_INITIALIZATION_TYPE: '' };

/**
 * Loads the file of a function in a new process, and calls it if there is an event: once, or `calls` times. Without an
 * event, the function does not connect either. Node runs with `--expose-gc`, as on Lambda: V8's code cache holds for one
 * set of flags.
 *
 * @throws {Error} when the function does not answer 200
 */
export async function coldStart(
  file: string,
  { env, event, calls = 1 }: { env: Record<string, string>; event?: object; calls?: number },
): Promise<Start> {
  const { told, errors } = event
    ? await run([file, JSON.stringify(event), String(calls)], env)
    : await run([file], { ...env, ...UNCONNECTED });
  const { startedAt, load, first = 0, cpu = 0, rss = 0, statusCode } = told;
  if (load === undefined || (event && statusCode !== 200))
    throw new Error(`${file} answered ${statusCode}: ${errors}`);
  return { startedAt, load, first, cpu, rss };
}

/** Returns whether V8 accepts the code cache of a function's file, or that there is none. */
export async function codeCacheOf(
  file: string,
  { env }: { env: Record<string, string> },
): Promise<'used' | 'rejected' | 'none'> {
  if (!existsSync(file.replace(/mjs$/, 'bundle.v8'))) return 'none';
  return (await run([file], { ...env, ...UNCONNECTED })).told.codeCache;
}

async function run(args: string[], env: Record<string, string>) {
  const flags = ['--expose-gc', ...FROM_SOURCE];
  const { output, errors } = await runScript('cold-start.mjs', { args, flags, env });
  return { told: JSON.parse(output || '{}'), errors };
}
