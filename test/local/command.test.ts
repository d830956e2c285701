import { describe, expect, it } from '@jest/globals';
import { suggestion } from '../../local/command.ts';
import { sampleOf } from '../support/length.ts';
import { runLocal } from '../support/service.ts';

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
