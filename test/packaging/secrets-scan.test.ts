import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';

/*
 * `npm run check` searches the repository for secrets. This test shows that it finds some, written in pieces, so that
 * it does not find this file.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'manystore-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The output of secretlint for files, with the settings of the repository; '' if it finds nothing. */
async function scan(...files: string[]): Promise<string> {
  const parameters = ['node_modules/secretlint/bin/secretlint.js', '--format', 'compact', ...files];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, parameters, { cwd: root });
    return stdout.trim();
  } catch (error) {
    return (error as { stdout: string }).stdout.trim();
  }
}

/** A file with a text, outside the repository. */
function fileWith(text: string): string {
  const file = join(folder, 'settings.ts');
  writeFileSync(file, text);
  return file;
}

const password = ['kX9', 'vQ2mT7', 'wLpZ4'].join('');
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const host = ['cluster0', 'ab1cd', 'mongodb.net'].join('.');

describe('the scan for secrets', () => {
  it.each([
    ['a connection string', 'MongoDB', `const uri = 'mongodb+srv://app:${password}@${host}/x';`],
    ['a private key', 'PrivateKey', privateKey],
    ['a secret key of AWS', 'AWS', `AWS_SECRET_ACCESS_KEY=${password.repeat(3).slice(0, 40)}`],
    ['a token of GitHub', 'GitHub', `const token = '${'ghp'}_${password.repeat(4).slice(0, 36)}';`],
  ])('finds %s', async (_, what, text) => {
    expect(await scan(fileWith(text))).toMatch(new RegExp(what, 'i'));
  });

  it('never prints a secret that it found', async () => {
    const found = await scan(fileWith(`mongodb+srv://app:${password}@${host}/x`));
    expect(found).not.toContain(password);
    expect(found).not.toBe('');
  });

  it('ignores the made-up secrets of tests and documentation', async () => {
    expect(await scan(fileWith('mongodb+srv://app:s3cret@cluster.example/'))).toBe('');
  });
});
