import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from '@jest/globals';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import { makeArtifacts } from '../../packaging/artifacts.ts';

const exec = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const caller = join(root, 'test/support/call-artifact.mjs');

type Environment = Record<string, string | undefined>;

/**
 * Packages some functions only, for the tests of a file: no CloudFormation template, and a tenth of the time.
 *
 * @returns the folder with the artifacts, which are there once the tests run
 */
export function packagedOnly(names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'manystore-artifacts-'));
  beforeAll(async () => {
    const { functions } = parse(readFileSync(join(root, 'serverless.yml'), 'utf8'));
    const chosen = names.map((name) => ({
      name,
      patterns: functions[name].package?.patterns ?? [],
    }));
    const artifacts = await makeArtifacts(chosen, folder, { isForThisProcessor: true });
    writeFileSync(join(folder, 'artifacts.json'), JSON.stringify(artifacts));
  }, 240_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** It takes about a minute of processor time. */
const PACKAGING_MS = 900_000;

/**
 * Packages the service for the tests of a file, as `npm run package` does.
 *
 * @param env additional variables in the environment of the packaging
 * @param stage the stage that is packaged
 * @returns the folder of the artifacts and templates, which exist once the tests run
 */
export function packaged(env: Environment = {}, stage = 'dev'): string {
  const folder = mkdtempSync(join(tmpdir(), 'manystore-artifacts-'));
  const cwd = linkedProject();
  beforeAll(async () => {
    const options = { cwd, env: { ...process.env, ...env } };
    const parameters = ['--stage', stage, '--package', folder];
    await exec('npm', ['run', '--silent', 'package', '--', ...parameters], options);
  }, PACKAGING_MS);
  afterAll(() => {
    for (const made of [folder, cwd]) rmSync(made, { recursive: true, force: true });
  });
  return folder;
}

/**
 * Returns a folder with the files of the project, and links to its folders: the framework writes to a folder of the
 * project, which several tests would share. It does not read a link to its configuration.
 */
function linkedProject(): string {
  const project = mkdtempSync(join(tmpdir(), 'manystore-project-'));
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    const [from, to] = [join(root, entry.name), join(project, entry.name)];
    if (entry.isFile() && !entry.name.startsWith('.env')) copyFileSync(from, to);
    else if (!entry.name.startsWith('.')) symlinkSync(from, to);
  }
  return project;
}

/**
 * Calls the packaged function `name` in its own process and folder, as Lambda does.
 *
 * @param env additional variables in the environment of the function; undefined removes a variable
 * @param flags the flags of Node: by default those that Lambda uses
 */
export async function callArtifact(
  folder: string,
  name: string,
  {
    event,
    env = {},
    flags = ['--expose-gc'],
  }: { event: object; env?: Environment; flags?: string[] },
) {
  const cwd = unzipped(folder, name);
  // Without `env`, a child gets the environment of the process: jest keeps a test file's changes from it.
  const lambdas = {
    LAMBDA_TASK_ROOT: cwd,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    POWERTOOLS_LOG_LEVEL: 'INFO',
  };
  const options = { cwd, env: { ...process.env, ...lambdas, ...env }, maxBuffer: 10_000_000 };
  const parameters = [caller, join(cwd, `functions/${name}.mjs`), JSON.stringify(event)];
  const { stdout } = await exec(process.execPath, [...flags, ...parameters], options);
  const lines = stdout.trim().split('\n');
  const [answer, ...log] = lines.reverse().map((line) => JSON.parse(line));
  return { ...answer, ...told(log) };
}

/** What a function's log says about its start: whether V8 accepted its compiled code, and what it connected to. */
function told(log: Record<string, unknown>[]) {
  const { codeCache } = log.find(({ coldStart }) => coldStart === true) ?? {};
  const connected = log.filter(({ message }) => message === 'connection.connected');
  return { codeCache, servers: connected.map(({ connection }) => connection) };
}

/** The folder with the contents of a function's archive. */
export function unzipped(folder: string, name: string): string {
  const target = join(folder, name);
  const files = unzipSync(readFileSync(join(folder, `${name}.zip`)));
  for (const [path, data] of Object.entries(files)) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), data);
  }
  return target;
}
