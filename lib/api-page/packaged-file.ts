import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { settings } from '../runtime/settings.ts';

/** A file in the function's package, which `package.patterns` in `serverless.yml` includes. */
export interface PackagedFile {
  text: string;
  /** A hash of the text. */
  version: string;
  gzipped: () => Buffer;
}

const files = new Map<string, PackagedFile>();

/**
 * Returns a text file of the package. It is read once per container, when it is first requested.
 *
 * @param path relative to the package's folder
 * @throws {Error} when the package does not contain the file
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
