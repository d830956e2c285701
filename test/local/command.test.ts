import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { suggestion } from '../../local/command.ts';
import { FROM_SOURCE } from '../../local/from-source.ts';
import { sampleOf } from '../support/length.ts';
import { runLocal } from '../support/service.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const commands = ['start', 'token', 'seed', 'invoke', 'indexes', 'adopt', 'smoke', 'stores'];

describe.each(sampleOf(commands, 2))('npm run %s', (name) => {
  it('says what it does with --help, and exits with code 0', async () => {
    const { code, stdout, stderr } = await runLocal(`${name}.ts`, { args: ['--help'] });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      new RegExp(`^[A-Z][^]+\\.\\n\\nusage: npm (?:run )?(?:-s )?${name} -- .*\\n$`),
    );
  });

  it('exits with code 1 for an unknown option, and says how it is used', async () => {
    const { code, stdout, stderr } = await runLocal(`${name}.ts`, { args: ['--no-such-option'] });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^Unknown option '--no-such-option'\nusage: npm .*\n$/);
  });
});

it('prints the error of a server, whose code is a number, in one line', async () => {
  const script = `
    import { runCommand } from './local/command.ts';
    const main = async () => { throw Object.assign(new Error('not allowed'), { code: 13 }); };
    await runCommand({ usage: '', about: '', loadsEnvFile: false, main });`;
  const parameters = [...FROM_SOURCE, '--input-type=module', '--eval', script];
  const { code, stderr } = await new Promise<{ code: number | null; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, parameters, { cwd: root }, (_, __, stderr) =>
      resolve({ code: child.exitCode, stderr }),
    );
  });
  expect([code, stderr]).toEqual([1, 'not allowed\n']);
});

describe('a suggestion', () => {
  const tasks = ['sync-mirror', 'take-snapshots', 'roll-out-indexes'];

  it.each([
    ['sync-miror', '. Did you mean sync-mirror?'],
    ['rollout-indexes', '. Did you mean roll-out-indexes?'],
    ['get-product', ''],
    ['', ''],
  ])('for %j is %j', (name, expected) => {
    expect(suggestion(name, tasks)).toBe(expected);
  });

  it('is empty without names', () => {
    expect(suggestion('x', [])).toBe('');
  });
});
