import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { bundleFunctions, packageOf } from '../../packaging/bundle.ts';

/*
 * Checks the licence of every package in package-lock.json, for every platform.
 */

const root = new URL('../../', import.meta.url);

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
    names: Object.keys(functions),
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
  }, 300_000);

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
