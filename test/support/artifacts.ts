import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { unzipSync } from 'fflate';

const exec = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const caller = join(root, 'test/support/call-artifact.cjs');

type Environment = Record<string, string | undefined>;

/**
 * Packages the service for the tests of a file, as `npm run package` does.
 *
 * @param env what the environment of the packaging has besides
 * @returns the folder with the artifacts and templates, which are there once the tests run
 */
export function packaged(env: Environment = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'manystore-artifacts-'));
  beforeAll(async () => {
    const options = { cwd: root, env: { ...process.env, ...env } };
    await exec('npm', ['run', '--silent', 'package', '--', '--package', folder], options);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Calls the packaged function `name` in a process and a folder of its own.
 *
 * @param env what the environment of the function has besides; undefined leaves a variable out
 */
export async function callArtifact(
  folder: string,
  name: string,
  { event, env = {} }: { event: object; env?: Environment },
) {
  const files = unzipSync(readFileSync(join(folder, `${name}.zip`)));
  expect(Object.keys(files)).toEqual([`functions/${name}.cjs`]);
  const file = join(folder, name, `functions/${name}.cjs`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, files[`functions/${name}.cjs`] as Uint8Array);
  // A child gets the process' own environment unless told: jest keeps the settings of a test file to itself.
  const options = { cwd: folder, env: { ...process.env, ...env } };
  const { stdout } = await exec(process.execPath, [caller, file, JSON.stringify(event)], options);
  return JSON.parse(stdout);
}
