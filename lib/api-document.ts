import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings } from './settings.ts';

let document: { text: string; version: string } | undefined;

/**
 * The API's document, as it lies in the package, and a hash of it that is its version. It is read by the
 * first request of a container.
 *
 * @throws {Error} when the package was made without it
 */
export function apiDocument(): { text: string; version: string } {
  document ??= read();
  return document;
}

function read() {
  const text = readFileSync(join(settings.packageFolder, 'docs/openapi.json'), 'utf8');
  return { text, version: createHash('sha256').update(text).digest('base64url') };
}
