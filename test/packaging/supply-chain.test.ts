import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { bundleFunctions, packageOf } from '../../packaging/bundle.ts';
import { isRecorded } from '../../packaging/node-hash.ts';
import { sampleOf } from '../support/length.ts';

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

interface Component {
  name: string;
  licenses?: { license?: { id?: string }; expression?: string }[];
}

/** The packages of npm's bill of materials (CycloneDX). */
async function components(...flags: string[]): Promise<Component[]> {
  const { stdout } = await promisify(execFile)(
    'npm',
    ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', ...flags],
    { cwd: fileURLToPath(root), maxBuffer: 64 * 1024 * 1024 },
  );
  const { bomFormat, components: found } = JSON.parse(stdout);
  expect(bomFormat).toBe('CycloneDX');
  return found;
}

/** The packages that are deployed: they have modules in a bundle, or files that are packaged beside it. */
async function shippedPackages(): Promise<string[]> {
  const { functions } = parse(readFileSync(new URL('serverless.yml', root), 'utf8')) as {
    functions: Record<string, { package?: { patterns?: string[] } }>;
  };
  const outdir = mkdtempSync(join(tmpdir(), 'manystore-shipped-'));
  const bundles = await bundleFunctions({
    names: sampleOf(Object.keys(functions), 6),
    outdir,
  });
  rmSync(outdir, { recursive: true });
  const files = Object.values(functions).flatMap(
    (definition) => definition.package?.patterns ?? [],
  );
  const packages = [
    ...bundles.flatMap((bundle) => bundle.packages),
    ...files.flatMap((file) => packageOf(file) ?? []),
  ];
  return [...new Set(packages)].sort();
}

/** For packages that are bundled into the functions: distributing the bundle requires no more than a notice. */
const SHIPPED = ['Apache-2.0', 'MIT', 'MIT-0'];

/** For tools, which are not deployed: none of these licences affects the files that a tool processes. */
const FOR_TOOLS = [...SHIPPED, '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC'];

/** Packages with other licences, reviewed one by one. None of them is deployed. */
const REVIEWED: Record<string, { licences: string[]; because: string }> = {
  '@azu/style-format': {
    licences: ['WTFPL'],
    because: 'asks for nothing; secretlint prints with it',
  },
  argparse: { licences: ['Python-2.0', 'PSF-2.0'], because: 'permissive, like BSD' },
  binaryextensions: {
    licences: ['Artistic-2.0'],
    because: 'unchanged, a list; secretlint reads it',
  },
  'caniuse-lite': { licences: ['CC-BY-4.0'], because: 'data, unchanged, of a tool of jest' },
  editions: { licences: ['Artistic-2.0'], because: 'unchanged, of secretlint' },
  istextorbinary: { licences: ['Artistic-2.0'], because: 'unchanged, of secretlint' },
  pako: { licences: ['Zlib'], because: 'permissive; MIT for the rest of it; packs archives' },
  'spdx-exceptions': {
    licences: ['CC-BY-3.0'],
    because: 'data, unchanged, of a reader of package.json',
  },
  'spdx-license-ids': { licences: ['CC0-1.0'], because: 'data, in the public domain' },
  textextensions: { licences: ['Artistic-2.0'], because: 'unchanged, a list; secretlint reads it' },
  'version-range': { licences: ['Artistic-2.0'], because: 'unchanged, of secretlint' },
  // MIT, declared in the form that was used before SPDX. The validating proxy of the tests needs them.
  ...Object.fromEntries(
    [
      'compute-gcd',
      'compute-lcm',
      'validate.io-function',
      'validate.io-integer',
      'validate.io-integer-array',
      'validate.io-number',
    ].map((name) => [name, { licences: [''], because: 'MIT in words of their own' }]),
  ),
};

/** Whether the licences satisfy an SPDX expression: all operands of AND, and one operand of OR. */
function isMet(expression: string, allowed: (licence: string) => boolean): boolean {
  const bare = expression.replace(/^\((.*)\)$/, '$1');
  return bare.split(' OR ').some((choice) => choice.split(' AND ').every(allowed));
}

/** Returns the packages whose licence is not allowed, also those without a licence or with one that was not reviewed. */
function refused(found: Component[], allowed: (name: string, licence: string) => boolean) {
  return found
    .map(({ name, licenses = [] }) => ({
      name,
      licence: licenses.map(({ license, expression }) => license?.id ?? expression).join(' AND '),
    }))
    .filter(({ name, licence }) => !isMet(licence, (id) => allowed(name, id)))
    .map(({ name, licence }) => `${name}: ${licence || 'none'}`);
}

const mayBeUsed = (name: string, licence: string) =>
  FOR_TOOLS.includes(licence) || REVIEWED[name]?.licences.includes(licence) === true;

describe('the licences', () => {
  it('of deployed packages require no more than a notice', async () => {
    const names = await shippedPackages();
    // npm counts those of a workspace among the tools: the driver would go unchecked.
    expect(names).toEqual(
      expect.arrayContaining(['bson', 'mongodb', 'mongoose', 'swagger-ui-dist']),
    );
    const shipped = (await components()).filter(({ name }) => names.includes(name));
    expect([...new Set(shipped.map(({ name }) => name))].sort()).toEqual(names);
    expect(refused(shipped, (_, licence) => SHIPPED.includes(licence))).toEqual([]);
  }, 120_000);

  it('of all packages are on a list', async () => {
    const found = await components();
    expect(found.length).toBeGreaterThan(500);
    expect(refused(found, mayBeUsed)).toEqual([]);
    const names = new Set(found.map(({ name }) => name));
    expect(Object.keys(REVIEWED).filter((name) => !names.has(name))).toEqual([]);
  });

  it.each([
    ['GPL-3.0-only', 'a licence that is not on the list'],
    ['MIT AND GPL-3.0-only', 'one besides'],
    ['(WTFPL OR CC-BY-4.0)', 'licences of other packages'],
    ['', 'none'],
  ])('are not allowed: %s', (expression) => {
    const licenses = expression ? [{ expression }] : [];
    expect(refused([{ name: 'a-package', licenses }], mayBeUsed)).toHaveLength(1);
  });
});

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
