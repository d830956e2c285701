import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { isRecorded } from '../../packaging/node-hash.ts';

/*
 * Checks every package in package-lock.json, for every platform.
 */

const root = new URL('../../', import.meta.url);
const read = (file: string) => JSON.parse(readFileSync(new URL(file, root), 'utf8'));

interface LockedPackage {
  version: string;
  integrity?: string;
  resolved?: string;
  hasInstallScript?: boolean;
  dev?: boolean;
  optional?: boolean;
  link?: boolean;
}
const { packages }: { packages: Record<string, LockedPackage> } = read('package-lock.json');

/** The workspaces: they are linked, and come from no registry. */
const isOurs = (path: string) =>
  path === '' || path.startsWith('packages/') || path.startsWith('node_modules/@manystore/');

/** Every copy of every package but our own: its name, where it is, and what the lock file knows of it. */
const copies = Object.entries(packages)
  .filter(([path]) => !isOurs(path))
  .map(([path, locked]) => ({ name: path.replace(/^.*node_modules\//, ''), path, ...locked }));

/**
 * The versions that fixed a known vulnerability, one for each major version that received the fix. Later major versions have
 * the fix, earlier ones do not. This does not replace `npm audit`, which queries a registry.
 */
const MENDED: Record<string, { from: string[]; hole: string }> = {
  '@hapi/hoek': { from: ['8.5.1', '9.0.3'], hole: 'CVE-2020-36604, prototype poisoning' },
  'brace-expansion': { from: ['1.1.12', '2.0.2'], hole: 'CVE-2025-5889, slow expression' },
  braces: { from: ['3.0.3'], hole: 'CVE-2024-4068, memory' },
  'cross-spawn': { from: ['6.0.6', '7.0.5'], hole: 'CVE-2024-21538, slow expression' },
  esbuild: { from: ['0.25.0'], hole: 'GHSA-67mh-4wv8-2f99, its server answers any page' },
  'follow-redirects': { from: ['1.15.6'], hole: 'CVE-2024-28849, password sent on' },
  glob: { from: ['7.0.0', '10.5.0', '11.1.0'], hole: 'CVE-2025-64756, commands; not in 7' },
  jose: { from: ['2.0.7', '4.15.5'], hole: 'CVE-2024-28176, memory' },
  'js-yaml': { from: ['3.14.2', '4.1.1'], hole: 'CVE-2025-64718, prototype pollution' },
  'jsonpath-plus': { from: ['10.3.0'], hole: 'CVE-2025-1302, runs code' },
  jszip: { from: ['3.8.0'], hole: 'CVE-2022-48285, path traversal' },
  lodash: { from: ['4.17.21'], hole: 'CVE-2021-23337, commands' },
  luxon: { from: ['1.28.1', '2.5.2', '3.2.1'], hole: 'CVE-2023-22467, slow expression' },
  micromatch: { from: ['4.0.8'], hole: 'CVE-2024-4067, slow expression' },
  mongoose: { from: ['9.9.2'], hole: 'what sanitizeFilter missed before' },
  semver: { from: ['5.7.2', '6.3.1', '7.5.2'], hole: 'CVE-2022-25883, slow expression' },
  undici: { from: ['5.29.0', '6.21.2', '7.5.0'], hole: 'CVE-2025-47279, memory' },
  ws: { from: ['7.5.10', '8.17.1'], hole: 'CVE-2024-37890, crash' },
};

/** Versions by their numbers. One before a release (1.0.0-rc.1) counts as the release. */
const isAtLeast = (version: string, least: string) =>
  (version.split('-')[0] ?? '').localeCompare(least, 'en', { numeric: true }) >= 0;

const majorOf = (version: string) => Number(version.split('.')[0]);

function isMended(version: string, from: string[]): boolean {
  const least = from.find((mended) => majorOf(mended) === majorOf(version));
  if (least) return isAtLeast(version, least);
  return from.every((mended) => majorOf(mended) < majorOf(version));
}

describe('every copy', () => {
  it.each(Object.entries(MENDED))(
    'of %s has the fix for its known vulnerability',
    (name, { from }) => {
      const found = copies.filter((copy) => copy.name === name);
      expect(found).not.toEqual([]);
      const holed = found.filter(({ version }) => !isMended(version, from));
      expect(holed.map(({ path, version }) => `${path} ${version}`)).toEqual([]);
    },
  );

  it.each([
    ['8.17.0', ['7.5.10', '8.17.1'], false],
    ['8.20.0', ['7.5.10', '8.17.1'], true],
    ['9.0.0', ['7.5.10', '8.17.1'], true],
    ['6.2.3', ['7.5.10', '8.17.1'], false],
    ['8.9.9', ['7.0.0', '10.5.0'], false],
  ])('of version %s, compared with the fixes %j: %s', (version, from, expected) => {
    expect(isMended(version, from)).toBe(expected);
  });
});

describe('package-lock.json', () => {
  it('has the hash of every package, except for native tools of other platforms', () => {
    const unknown = copies.filter(({ integrity }) => !integrity?.startsWith('sha512-'));
    const others = unknown.filter(({ name, dev, optional }) => {
      const isNative = /^@(?:biomejs\/cli|swc\/core|unrs\/resolver-binding)-/.test(name);
      return !(isNative && dev && optional);
    });
    expect(others.map(({ path }) => path)).toEqual([]);
  });

  it('has no hash of the Node that compiles the artifacts, which packaging/node-hash.ts has', () => {
    // For other platforms none is recorded.
    const isKnown = process.platform === 'linux' && process.arch === 'x64';
    expect(isRecorded(process.execPath)).toBe(isKnown);
    expect(isRecorded(fileURLToPath(import.meta.url))).toBe(false);
  });

  it('names no registry, so that npm uses the configured one', () => {
    const addresses = Object.values(packages).filter(({ resolved, link }) => resolved && !link);
    expect(addresses).toEqual([]);
  });

  it('has one MongoDB driver, the one that mongoose uses', () => {
    const drivers = copies.filter(({ name }) => name === 'mongodb');
    expect(drivers.map(({ path }) => path)).toEqual(['node_modules/mongodb']);
  });

  it('has no package with an install script that `allowScripts` does not list', () => {
    const scripted = copies.filter(({ hasInstallScript }) => hasInstallScript);
    const decided = Object.keys(read('package.json').allowScripts);
    expect([...new Set(scripted.map(({ name }) => name))].sort()).toEqual(decided.sort());
  });
});
