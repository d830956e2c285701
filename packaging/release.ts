import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runCommand, UsageError } from '../local/command.ts';
import { cutChangelog } from './changelog.ts';

/*
 * `npm run release -- 0.2.0`: sets the version of the service and its packages, adds the version to the changelog,
 * commits and tags. It does not push or publish anything.
 */

const CHANGELOG = 'CHANGELOG.md';
const DOCUMENT = 'docs/openapi.json';
const DEPENDENCIES = ['dependencies', 'devDependencies', 'peerDependencies'] as const;

/** The members of a package.json, or of a package in package-lock.json, that this script reads or changes. */
type Manifest = { name: string; version: string; workspaces?: string[] } & Partial<
  Record<(typeof DEPENDENCIES)[number], Record<string, string>>
>;

/** The new content of a file, by the file's name. */
type Changes = Map<string, string>;

async function release(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { 'dry-run': { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const { version: current, workspaces = [] } = readJson<Manifest>('package.json');
  const version = nextVersion(current, positionals);
  const changes = changesFor(version, current, workspaces);
  if (values['dry-run']) {
    for (const [file, after] of changes) process.stdout.write(difference(file, after));
    return 0;
  }
  requireCleanMain();
  requireNoTag(`v${version}`);
  for (const [file, after] of changes) writeFileSync(file, after);
  git('add', ...changes.keys());
  git('commit', '--message', `Release ${version}`);
  git('tag', '--annotate', `v${version}`, '--message', `Release ${version}`);
  process.stdout.write(nextSteps(version));
  return 0;
}

/** @throws {UsageError} if the version is not valid or is lower than `current` */
function nextVersion(current: string, [wanted = '', ...others]: string[]): string {
  const [major = 0, minor = 0, patch = 0] = current.split('.').map(Number);
  if (others.length > 0) throw new UsageError('Name one version');
  if (wanted === 'major') return `${major + 1}.0.0`;
  if (wanted === 'minor') return `${major}.${minor + 1}.0`;
  if (wanted === 'patch') return `${major}.${minor}.${patch + 1}`;
  if (!/^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}$/.test(wanted))
    throw new UsageError('The version must be patch, minor, major, or three numbers such as 0.2.0');
  if (wanted.localeCompare(current, 'en', { numeric: true }) < 0)
    throw new UsageError(`The version must not be lower than the current one, ${current}`);
  return wanted;
}

function changesFor(version: string, current: string, workspaces: string[]): Changes {
  const packages = workspaces.flatMap((pattern) => globSync(`${pattern}/package.json`)).sort();
  const names = packages.map((file) => readJson<Manifest>(file).name);
  const setVersion = (manifest: Manifest) => {
    manifest.version = version;
    for (const kind of DEPENDENCIES) {
      const ranges = manifest[kind] ?? {};
      for (const name of names)
        if (ranges[name]) ranges[name] = ranges[name].replace(current, version);
    }
  };

  const changes: Changes = new Map();
  for (const file of ['package.json', ...packages]) changes.set(file, edited(file, setVersion));
  const lock = edited<Manifest & { packages: Record<string, Manifest> }>(
    'package-lock.json',
    (all) => {
      all.version = version;
      for (const [folder, manifest] of Object.entries(all.packages))
        if (changes.has(folder ? `${folder}/package.json` : 'package.json')) setVersion(manifest);
    },
  );
  changes.set('package-lock.json', lock);
  const document = edited<{ info: { version: string } }>(DOCUMENT, ({ info }) => {
    info.version = version;
  });
  changes.set(DOCUMENT, document);
  const today = new Date().toISOString().slice(0, 10);
  changes.set(CHANGELOG, cutChangelog(readFileSync(CHANGELOG, 'utf8'), version, today));
  return changes;
}

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8'));

/** Returns the text of a JSON file after a change. */
function edited<T>(file: string, change: (content: T) => void): string {
  const content = readJson<T>(file);
  change(content);
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Returns the change of a file in the format of `git diff`. */
const difference = (file: string, after: string): string =>
  spawnSync('git', ['diff', '--no-index', '--unified=1', '--', file, '-'], {
    input: after,
    encoding: 'utf8',
  }).stdout;

function requireCleanMain(): void {
  const branch = git('branch', '--show-current');
  if (branch !== 'main') throw new Error(`Releases are made on main, not on ${branch}`);
  if (git('status', '--porcelain')) throw new Error('Commit or discard your changes first');
}

function requireNoTag(tag: string): void {
  if (git('tag', '--list', tag)) throw new Error(`The tag ${tag} already exists`);
}

const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

const nextSteps = (version: string): string => `
Version ${version} is committed and tagged locally. Nothing has been pushed or published.

  git show v${version}                                # review the release commit
  git push --follow-tags                         # push the commit and the tag
  npm publish --workspaces --access public       # publish the packages
  npm run deploy -- --stage prod                 # deploy the service

To undo the release before it is pushed: git tag --delete v${version} && git reset --hard HEAD~1
`;

await runCommand({
  usage: 'npm run release -- patch|minor|major|X.Y.Z [--dry-run]',
  about:
    'Sets the version of the service and its packages, adds the version to the changelog, commits and tags. It does not\n' +
    'push or publish anything. --dry-run shows the changes and makes none.',
  main: release,
});
