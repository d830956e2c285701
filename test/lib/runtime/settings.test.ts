import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { FROM_SOURCE } from '../../../local/from-source.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const good = {
  PRIMARY_CONN_STR: 'mongodb://localhost/',
  SECONDARY_CONN_STR: 'mongodb://localhost/',
  CURSOR_SECRET: 'signs the cursors of these tests',
};

type Environment = Record<string, string>;

/**
 * Reads the settings with each of these environments, in a process of its own. Returns what it prints for each: `read`, or
 * the error.
 */
async function readWith(environments: Environment[]): Promise<string[]> {
  const code = `
    const own = { ...process.env };
    for (const [index, env] of JSON.parse(own.ENVIRONMENTS).entries()) {
      process.env = { ...own, ...env };
      // A new instance of the module, because settings are read once.
      const { settings } = await import('./lib/runtime/settings.ts?' + index);
      try { settings(); console.log('read'); } catch (error) { console.log(error.message); }
    }`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...FROM_SOURCE, '--input-type=module', '--eval', code],
    { cwd: root, env: { ...good, ENVIRONMENTS: JSON.stringify(environments) } },
  );
  return stdout.trim().split('\n');
}

const valid: Environment[] = [
  {},
  { STORE_FRESH_MS: '0', SECONDARY_POOL_SIZE: '' },
  { CLUSTER_CONN_STRS: '{"eu-1":"mongodb://h"}', DEFAULT_CLUSTER: 'eu-1' },
];

const faults: [name: string, value: string, fault: string][] = [
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
];

it('reads the settings where all are valid', async () => {
  expect(await readWith(valid)).toEqual(['read', 'read', 'read']);
});

it('names a setting that is not valid, and does not show its value', async () => {
  const printed = await readWith(faults.map(([name, value]) => ({ [name]: value })));
  expect(printed).toEqual(
    faults.map(([name, , fault]) => `The environment variable ${name} ${fault}`),
  );
});
