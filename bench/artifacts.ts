import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import { makeArtifacts as packageFunctions } from '../packaging/artifacts.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** A packaged function, unpacked as Lambda does. */
export interface Artifact {
  name: string;
  /** What Lambda loads. */
  file: string;
  /** The same with a code cache that V8 does not take. */
  withoutCache: string;
  /** Of the archive, in bytes. */
  size: number;
}

/** Everything that is loaded cold: each function that answers HTTP, and the peers. */
export interface Artifacts extends Disposable {
  functions: Artifact[];
  bareDriver: string;
  tutorial: string;
}

/**
 * Packages the service as `npm run package` does, and the bare driver's handler as {@link bundlePeer} does.
 *
 * @param packaged a folder where that has been done already
 */
export async function makeArtifacts(packaged?: string): Promise<Artifacts> {
  using service = await packageService(packaged);
  const folder = mkdtempSync(join(tmpdir(), 'manystore-bench-'));
  return {
    functions: namesOfHttp().map((name) => unpack(service.folder, name, folder)),
    bareDriver: await bundlePeer('bare-driver', folder),
    // From where it finds node_modules.
    tutorial: join(root, 'bench/peers/tutorial-shape.cjs'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Some packaged functions, unpacked. */
export interface Functions extends Disposable {
  /** Returns the file of a function that Lambda loads. */
  fileOf(name: string): string;
}

/**
 * Packages some functions of the service, and unpacks them.
 *
 * @param packaged a folder where they have been packaged already
 */
export async function unpackFunctions(names: string[], packaged?: string): Promise<Functions> {
  const folder = mkdtempSync(join(tmpdir(), 'manystore-bench-'));
  const archives = packaged ?? join(folder, 'archives');
  if (packaged === undefined) await packageOnly(names, archives);
  const files = new Map(names.map((name) => [name, unpack(archives, name, folder).file]));
  return {
    fileOf: (name) => files.get(name) ?? '',
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Some peers. */
export interface Peers extends Disposable {
  /** Returns the bundle of a peer. */
  fileOf(name: string): string;
  /** Returns the file of a peer that is not bundled, because it finds node_modules from there. */
  sourceOf(file: string): string;
}

/** Bundles peers, as {@link bundlePeer} does. */
export async function bundlePeers(names: string[]): Promise<Peers> {
  const folder = mkdtempSync(join(tmpdir(), 'manystore-bench-'));
  const files = new Map<string, string>();
  for (const name of names) files.set(name, await bundlePeer(name, folder));
  return {
    fileOf: (name) => files.get(name) ?? '',
    sourceOf: (file) => join(root, 'bench/peers', file),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Bundles a peer as serverless-esbuild does by default, and gives the file. */
export async function bundlePeer(name: string, folder: string): Promise<string> {
  const outfile = join(folder, `${name}.cjs`);
  await build({
    entryPoints: [join(root, `bench/peers/${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    external: ['@aws-sdk/*'],
    logLevel: 'error',
  });
  return outfile;
}

/** The packaged service. */
export interface Service extends Disposable {
  /** The folder with the archives and the templates. */
  folder: string;
}

/** Packages the service as `npm run package` does, unless that has been done already in the folder `packaged`. */
export async function packageService(packaged?: string): Promise<Service> {
  if (packaged !== undefined) return { folder: packaged, [Symbol.dispose]: () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'manystore-bench-'));
  const args = ['run', '--silent', 'package', '--', '--package', folder];
  await promisify(execFile)('npm', args, { cwd: root });
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

async function packageOnly(names: string[], folder: string): Promise<void> {
  const functions = declared();
  const chosen = names.map((name) => ({
    name,
    patterns: functions[name]?.package?.patterns ?? [],
  }));
  await packageFunctions(chosen, folder, { isForThisProcessor: true });
}

interface Declared {
  events?: object[];
  package?: { patterns?: string[] };
}

/** The functions, as serverless.yml has them. */
const declared = (): Record<string, Declared> =>
  parse(readFileSync(join(root, 'serverless.yml'), 'utf8')).functions;

/** The functions that answer HTTP. */
function namesOfHttp(): string[] {
  return Object.entries(declared())
    .filter(([, { events = [] }]) => events.some((event) => 'httpApi' in event))
    .map(([name]) => name);
}

/** All of an archive but code and its maps is a code cache. */
const CODE = /\.(?:[cm]?js|map|json|txt|html|css)$/;

/** Where the head of a code cache has the hash of V8's version. */
const VERSION_AT = 4;

function unpack(archives: string, name: string, into: string): Artifact {
  const archive = join(archives, `${name}.zip`);
  const write = (folder: string, path: string, bytes: Uint8Array) => {
    const file = join(into, folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  };
  for (const [path, bytes] of Object.entries(unzipSync(readFileSync(archive)))) {
    if (path.endsWith('/')) continue;
    write(name, path, bytes);
    // Made by another V8, as it seems to this one: that is how a cache is rejected after an update of the runtime.
    // All else stays as it is, where a flag of V8's would change what both sides run on.
    if (!CODE.test(path)) bytes[VERSION_AT] = ~(bytes[VERSION_AT] ?? 0);
    write(`${name}-without-cache`, path, bytes);
  }
  const file = `functions/${name}.mjs`;
  return {
    name,
    file: join(into, name, file),
    withoutCache: join(into, `${name}-without-cache`, file),
    size: statSync(archive).size,
  };
}
