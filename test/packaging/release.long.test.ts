import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
const script = join(root, 'packaging/release.ts');
const today = new Date().toISOString().slice(0, 10);

const CHANGELOG = `# Changelog

## Unreleased

### Added

- Something new.
`;

/** A project with two packages, of which each uses the other's version. */
const FILES: Record<string, object | string> = {
  'CHANGELOG.md': CHANGELOG,
  'docs/openapi.json': { openapi: '3.1.0', info: { title: 'A project', version: '0.1.0' } },
  'package.json': {
    name: 'project',
    version: '0.1.0',
    workspaces: ['packages/*'],
    dependencies: { '@project/one': '0.1.0', other: '0.1.0' },
    devDependencies: { '@project/two': '0.1.0' },
  },
  'packages/one/package.json': { name: '@project/one', version: '0.1.0' },
  'packages/two/package.json': {
    name: '@project/two',
    version: '0.1.0',
    peerDependencies: { '@project/one': '^0.1.0' },
  },
  'package-lock.json': {
    name: 'project',
    version: '0.1.0',
    packages: {
      '': {
        name: 'project',
        version: '0.1.0',
        dependencies: { '@project/one': '0.1.0', other: '0.1.0' },
        devDependencies: { '@project/two': '0.1.0' },
      },
      'node_modules/@project/one': { resolved: 'packages/one', link: true },
      'node_modules/other': { version: '0.1.0' },
      'packages/one': { name: '@project/one', version: '0.1.0' },
      'packages/two': {
        name: '@project/two',
        version: '0.1.0',
        peerDependencies: { '@project/one': '^0.1.0' },
      },
    },
  },
};

const contentOf = (file: object | string) =>
  typeof file === 'string' ? file : `${JSON.stringify(file, null, 2)}\n`;

let folder: string;
const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const write = (file: string, content: string) => writeFileSync(join(folder, file), content);

/** Runs the command in a folder and returns its exit code and all that it printed. */
const release = (args: string[], cwd = folder) =>
  new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(process.execPath, [script, ...args], { cwd }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manystore-release-'));
  for (const [file, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    write(file, contentOf(content));
  }
  git('init', '--quiet', '--initial-branch', 'main');
  git('config', 'user.name', 'A maintainer');
  git('config', 'user.email', 'maintainer@project.example');
  git('config', 'commit.gpgSign', 'false');
  git('config', 'tag.gpgSign', 'false');
  git('add', '.');
  git('commit', '--quiet', '--message', 'Begin');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('npm run release', () => {
  it('sets the version of the service, of its packages, and of what they need of each other', async () => {
    expect(await release(['0.2.0'])).toMatchObject({ code: 0 });
    for (const [file, content] of Object.entries(FILES))
      if (typeof content === 'object')
        expect(read(file)).toBe(
          contentOf(content)
            .replaceAll('0.1.0', '0.2.0')
            .replaceAll('"other": "0.2.0"', '"other": "0.1.0"')
            .replace(/("node_modules\/other": \{\s+"version": )"0.2.0"/, '$1"0.1.0"'),
        );
  });

  it('moves the unreleased entries under the version and the date of today', async () => {
    await release(['0.2.0']);
    expect(read('CHANGELOG.md')).toBe(
      CHANGELOG.replace('## Unreleased', `## Unreleased\n\n## 0.2.0 - ${today}`),
    );
  });

  it('commits and tags, and says what to do next', async () => {
    const { output } = await release(['0.2.0']);
    expect(git('status', '--porcelain')).toBe('');
    expect(git('log', '--format=%s')).toBe('Release 0.2.0\nBegin');
    expect(git('describe')).toBe('v0.2.0');
    expect(output).toContain('git push --follow-tags');
    expect(output).toContain('npm publish --workspaces');
  });

  it.each([
    ['patch', '0.1.1'],
    ['minor', '0.2.0'],
    ['major', '1.0.0'],
    ['0.1.0', '0.1.0'],
  ])('releases %s of 0.1.0 as %s', async (wanted, version) => {
    expect(await release([wanted])).toMatchObject({ code: 0 });
    expect(git('describe')).toBe(`v${version}`);
    expect(JSON.parse(read('package.json')).version).toBe(version);
  });

  it('with --dry-run shows the change and makes none', async () => {
    write('notes', 'not committed');
    const { code, output } = await release(['minor', '--dry-run']);
    expect(code).toBe(0);
    expect(output).toContain('-  "version": "0.1.0",\n+  "version": "0.2.0",');
    expect(output).toContain(`+## 0.2.0 - ${today}`);
    expect(git('status', '--porcelain')).toBe('?? notes');
    expect(git('log', '--format=%s')).toBe('Begin');
  });

  it.each<[reason: string, message: string, args: string[], prepare: () => void]>([
    ['no version', 'The version must be', [], () => {}],
    ['what is not a version', 'The version must be', ['v2'], () => {}],
    ['a lower version', 'must not be lower', ['0.0.9'], () => {}],
    ['two versions', 'Name one version', ['0.2.0', '0.3.0'], () => {}],
    ['an unknown option', "Unknown option '--force'", ['0.2.0', '--force'], () => {}],
    ['another branch', 'not on topic', ['0.2.0'], () => git('switch', '--quiet', '-c', 'topic')],
    ['uncommitted changes', 'Commit or discard', ['0.2.0'], () => write('notes', '')],
    ['a tag that exists', 'v0.2.0 already exists', ['0.2.0'], () => git('tag', 'v0.2.0')],
    [
      'nothing unreleased',
      'no entry under "Unreleased"',
      ['0.2.0'],
      () => write('CHANGELOG.md', '## Unreleased\n\n### Added\n\n## 0.1.0\n\n- Something.\n'),
    ],
    ['no such section', 'no line "## Unreleased"', ['0.2.0'], () => write('CHANGELOG.md', '')],
  ])('refuses %s', async (_, message, args, prepare) => {
    prepare();
    const { code, output } = await release(args);
    expect(code).toBe(1);
    expect(output).toContain(message);
    expect(git('log', '--format=%s')).toBe('Begin');
    expect(read('package.json')).toBe(contentOf(FILES['package.json'] ?? ''));
  });

  it('finds the files of this project as it expects them', () => {
    const readHere = (file: string) => readFileSync(join(root, file), 'utf8');
    const { version } = JSON.parse(readHere('package.json'));
    for (const file of [
      'package.json',
      'packages/client/package.json',
      'packages/connections/package.json',
      'packages/embedded-mongodb/package.json',
      'package-lock.json',
      'docs/openapi.json',
    ]) {
      const content = JSON.parse(readHere(file));
      expect(content.version ?? content.info.version).toBe(version);
      expect(readHere(file) === contentOf(content)).toBe(true);
    }
    expect(readHere('CHANGELOG.md')).toContain('\n## Unreleased\n');
  });
});
