import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const exec = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = join(root, '.runtime/aws-lambda-ric');
const client = join(folder, 'node_modules/aws-lambda-ric');

/**
 * Returns the file of AWS' runtime interface client, with which Lambda runs a function for Node.js. The first call installs
 * it into an ignored folder, because it is not a dependency of the project: compiling its native part takes minutes.
 *
 * @throws {Error} when it cannot be compiled, such as without g++, make, cmake, autoconf, automake and libtool
 */
export async function runtimeInterfaceClient(progress: (text: string) => void): Promise<string> {
  const file = join(client, 'index.mjs');
  if (existsSync(join(client, 'rapid-client.node'))) return file;
  progress('installs aws-lambda-ric, which takes some minutes');
  await mkdir(folder, { recursive: true });
  const options = {
    cwd: folder,
    env: { ...process.env, npm_config_nodedir: nodeFolder() },
    maxBuffer: 100_000_000,
  };
  const place = ['--no-save', '--prefix', folder];
  await exec('npm', ['install', 'aws-lambda-ric@4', '--ignore-scripts', ...place], options);
  await exec('npm', ['rebuild', 'aws-lambda-ric', '--prefix', folder], options);
  return file;
}

/** The folder of the project's own Node, which contains its headers. */
function nodeFolder(): string {
  const requireFromNode = createRequire(
    createRequire(import.meta.url).resolve('node/package.json'),
  );
  return dirname(requireFromNode.resolve(`node-${process.platform}-${process.arch}/package.json`));
}
