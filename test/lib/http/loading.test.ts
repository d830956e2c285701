import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { FROM_SOURCE } from '../../../local/from-source.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const NAMES = `
  const { allFunctions } = await import('./openapi/functions.ts');
  const { operations, tasks } = await allFunctions();
  console.log([...operations, ...tasks].map(([, { contract }]) => contract.name).join());
`;

/** Loads every function in a new process. */
const load = (env: Record<string, string>) =>
  promisify(execFile)(process.execPath, [...FROM_SOURCE, '--input-type=module', '-e', NAMES], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
  });

it('loads every contract without an environment, for tools that read them', async () => {
  const { stdout } = await load({});
  expect(stdout.split(',')).toContain('get-product');
});

it.each([
  [{}, 'The environment variable PRIMARY_CONN_STR is not set'],
  [{ STORE_FRESH_MS: 'soon' }, 'The environment variable STORE_FRESH_MS must be an integer'],
])('fails to load on Lambda with the name of an invalid setting: %j', async (env, message) => {
  const failure = await load({ AWS_LAMBDA_FUNCTION_NAME: 'get-product', ...env }).catch(
    ({ stderr }) => stderr,
  );
  expect(failure).toContain(`SettingsError: ${message}`);
});
