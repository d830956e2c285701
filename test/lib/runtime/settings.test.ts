import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { FROM_SOURCE } from '../../../local/from-source.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const good = {
  PRIMARY_CONN_STR: 'mongodb://localhost/',
  SECONDARY_CONN_STR: 'mongodb://localhost/',
  CURSOR_SECRET: 'signs the cursors of these tests',
};

/** Reads the settings in a process with this environment, and returns what it prints: `read`, or the error. */
async function read(env: Record<string, string | undefined>): Promise<string> {
  const code = `
    import { settings } from '#lib/runtime/settings.ts';
    try { settings(); console.log('read'); } catch (error) { console.log(error.message); }`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...FROM_SOURCE, '--input-type=module', '--eval', code],
    { cwd: root, env: { ...good, ...env } },
  );
  return stdout.trim();
}

describe('the settings', () => {
  it('are read where all are valid', async () => {
    expect(await read({})).toBe('read');
    expect(await read({ STORE_FRESH_MS: '0', SECONDARY_POOL_SIZE: '' })).toBe('read');
    const clusters = { CLUSTER_CONN_STRS: '{"eu-1":"mongodb://h"}', DEFAULT_CLUSTER: 'eu-1' };
    expect(await read(clusters)).toBe('read');
  });

  it.each([
    ['CURSOR_SECRET', '', 'is not set'],
    ['CURSOR_SECRET', ' '.repeat(40), 'is not set'],
    ['CURSOR_SECRET', 's3cret', 'must have at least 32 characters'],
    ['CURSOR_SECRET', `s3cret${' '.repeat(40)}`, 'must have at least 32 characters'],
    ['PRIMARY_CONN_STR', '', 'is not set'],
    ['SECONDARY_CONN_STR', ' ', 'is not set'],
    ['STORE_DRAIN_MS', ' ', 'must be an integer from 0 to 3600000'],
    ['STORE_FRESH_MS', '1e3', 'must be an integer from 0 to 300000'],
    ['PRIMARY_POOL_SIZE', '0x5', 'must be an integer from 1 to 100'],
    ['CLUSTER_LIMIT', '0', 'must be an integer from 1 to 100'],
    ['CLUSTER_CONN_STRS', 's3cret', 'must be JSON, such as {"eu-1":"mongodb://…"}'],
    [
      'CLUSTER_CONN_STRS',
      '"mongodb://u:s3cret@h"',
      'must be a JSON object of connection strings, such as {"eu-1":"mongodb://…"}',
    ],
    [
      'CLUSTER_CONN_STRS',
      '{"mongodb://u:s3cret@h":""}',
      'has a cluster with an invalid name: it must be 1 to 21 lowercase letters, digits and hyphens, and start with a letter',
    ],
    ...['primary', 'secondary'].map((name): [string, string, string] => [
      'CLUSTER_CONN_STRS',
      `{"${name}":"mongodb://u:s3cret@h"}`,
      'has a cluster with an invalid name: it must not be the name of a server',
    ]),
    [
      'CLUSTER_CONN_STRS',
      '{"eu-1":"https://u:s3cret@h"}',
      'has no connection string for eu-1: it must begin with mongodb:// or mongodb+srv://',
    ],
    ['DEFAULT_CLUSTER', 'eu-1', 'must be a cluster in CLUSTER_CONN_STRS'],
  ])('name %s when it is %j, and do not show it', async (name, value, fault) => {
    expect(await read({ [name]: value })).toBe(`The environment variable ${name} ${fault}`);
  });
});
