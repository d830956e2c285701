import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/*
 * The package `node` downloads its executable in an install script, so package-lock.json has no hash of it. It compiles what
 * is deployed. A new version needs its hash here: `sha256sum node_modules/node/bin/node`, compared with the executable in the
 * archive of nodejs.org.
 */

/** The SHA-256 of executables of Node. */
const RECORDED = new Set([
  // 24.21.0, linux-x64
  '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
]);

/** Returns whether a file is an executable of Node whose hash is recorded. */
export const isRecorded = (file: string): boolean =>
  RECORDED.has(createHash('sha256').update(readFileSync(file)).digest('hex'));
