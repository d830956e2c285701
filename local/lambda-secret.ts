import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * The secret of the local Lambda endpoint, new with each `npm start`. It is in a file that only this user can read, where
 * `npm run invoke` and `npm run indexes` find it.
 */

const folder = fileURLToPath(new URL('../node_modules/.cache/manystore/', import.meta.url));
const fileOf = (port: number) => join(folder, `lambda-${port}`);

/** The secret of a start, until it is disposed of. */
export interface LambdaSecret {
  secret: string;
  remove: () => Promise<void>;
}

/** Creates the secret of the Lambda endpoint at `port`. It replaces that of an earlier start. */
export async function createLambdaSecret(port: number): Promise<LambdaSecret> {
  const secret = randomBytes(32).toString('hex');
  const remove = () => rm(fileOf(port), { force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // The mode counts only for a new file.
  await remove();
  await writeFile(fileOf(port), secret, { mode: 0o600, flag: 'wx' });
  return { secret, remove };
}

/** Reads the secret of the Lambda endpoint at `port`; undefined if `npm start` of this folder does not run it. */
export const readLambdaSecret = (port: number): Promise<string | undefined> =>
  readFile(fileOf(port), 'utf8').catch(() => undefined);
