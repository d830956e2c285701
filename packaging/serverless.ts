import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { FROM_SOURCE, SERVERLESS } from '../local/from-source.ts';

/**
 * Runs a command of the Serverless Framework, which prints to the terminal.
 *
 * @returns its exit code
 */
export async function runServerless(...args: string[]): Promise<number> {
  const child = spawn(process.execPath, [...FROM_SOURCE, SERVERLESS, ...args], {
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}
