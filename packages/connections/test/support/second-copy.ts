import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';
import type mongoose from 'mongoose';

const require = createRequire(import.meta.url);
/** The folder where npm installed the packages of this project. */
const installed = join(dirname(require.resolve('mongoose/package.json')), '..');

const COPIED = ['mongoose', 'mongodb'];
const LINKED = [
  'bson',
  'kareem',
  'mpath',
  'mquery',
  'ms',
  'sift',
  'mongodb-connection-string-url',
  '@mongodb-js/saslprep',
];

/** Loads a second copy of mongoose and the driver, as npm installs when packages require different versions. */
export async function secondCopy(): Promise<typeof mongoose> {
  const folder = await mkdtemp(join(tmpdir(), 'second-copy-'));
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, '@mongodb-js'), { recursive: true });
  for (const name of COPIED)
    await cp(join(installed, name), join(modules, name), { recursive: true });
  for (const name of LINKED) await symlink(join(installed, name), join(modules, name));
  afterAll(() => rm(folder, { recursive: true }));
  return require(join(modules, 'mongoose'));
}
