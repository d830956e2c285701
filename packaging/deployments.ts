import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { FROM_SOURCE, SERVERLESS } from '../local/from-source.ts';

/** A deployment whose files are in the deployment bucket, so that it can be restored. */
export interface Deployment {
  /** Milliseconds since 1970, by which serverless names it. */
  timestamp: string;
  /** Its time in UTC, such as `2026-11-29 20:15:00 UTC`. */
  time: string;
}

/** Options of serverless that say where the stack is: `--stage` and `--region`. */
export type Place = readonly string[];

/**
 * Returns the deployments of a stage that can be restored, oldest first.
 *
 * @throws {Error} with the output of serverless, when it fails
 */
export async function listDeployments(place: Place): Promise<Deployment[]> {
  const output = await run(['deploy', 'list', ...place]);
  const listed = output.matchAll(/^(\d{4}-\d\d-\d\d [\d:]+ UTC)\nTimestamp: (\d+)$/gm);
  return [...listed].map(([, time = '', timestamp = '']) => ({ time, timestamp }));
}

/**
 * Deploys the template and the artifacts of an earlier deployment again, and waits until CloudFormation is done.
 *
 * @throws {Error} with the output of serverless, when it fails
 */
export const rollBackTo = ({ timestamp }: Deployment, place: Place): Promise<string> =>
  run(['rollback', '--timestamp', timestamp, ...place]);

/** Runs serverless, and returns its standard output. */
async function run(args: string[]): Promise<string> {
  const child = spawn(process.execPath, [...FROM_SOURCE, SERVERLESS, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let all = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
    all += chunk;
  });
  child.stderr.on('data', (chunk) => (all += chunk));
  await once(child, 'close');
  if (child.exitCode === 0) return output;
  throw new Error(`serverless ${args.join(' ')} failed:\n${all.trim()}`);
}
