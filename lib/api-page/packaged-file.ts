import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { settings } from '../runtime/settings.ts';

/** A file that lies in the function's package: `package.patterns` in `serverless.yml` names it. */
export interface PackagedFile {
  text: string;
  /** A hash of it. */
  version: string;
  gzipped: () => Buffer;
}

const files = new Map<string, PackagedFile>();

/**
 * A file of text, read by the first request of a container that asks for it.
 *
 * @param path from the package's folder
 * @throws {Error} when the package was made without it
 */
export function packagedFile(path: string): PackagedFile {
  const file = files.get(path) ?? read(path);
  files.set(path, file);
  return file;
}

function read(path: string): PackagedFile {
  const text = readFileSync(join(settings().packageFolder, path), 'utf8');
  let gzipped: Buffer | undefined;
  return {
    text,
    version: createHash('sha256').update(text).digest('base64url'),
    gzipped: () => {
      gzipped ??= gzipSync(text);
      return gzipped;
    },
  };
}
