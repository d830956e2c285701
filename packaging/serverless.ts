import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { FROM_SOURCE } from '../local/from-source.ts';

const cli = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');

/**
 * Runs a command of the Serverless Framework, which prints to the terminal.
 *
 * @returns its exit code
 */
export async function runServerless(...args: string[]): Promise<number> {
  const child = spawn(process.execPath, [...FROM_SOURCE, cli, ...args], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}
