import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin, transform } from 'esbuild';
import { SOURCE_CONDITION } from '../local/from-source.ts';
import { allFunctions } from '../openapi/functions.ts';
import { compiledEagerly } from './eager.ts';
import { withFewerNames } from './names.ts';
import { slim } from './slim/plugin.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** A function as one file. */
export interface Bundle {
  /** The function's name. */
  name: string;
  /** Where its bundle is: `<outdir>/functions/<name>.cjs`, which exports `handler`. */
  file: string;
  /** The file's size. */
  bytes: number;
  /** How many modules are in it. */
  modules: number;
  /** The npm packages that have modules in it. */
  packages: string[];
}

export interface BundleOptions {
  /** The functions: files of `functions/`, without their ending. */
  names: readonly string[];
  /** The folder that the bundles are written to. */
  outdir: string;
  /** Whether the libraries are slimmed; without, they are as they were installed. */
  slimmed?: boolean;
}

const settings = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'error',
  // mongoose knows some types by the name of their class.
  keepNames: true,
  // The runtime has it, and the driver asks for it only where it signs in with an IAM role.
  conditions: [SOURCE_CONDITION, 'module'],
  external: ['@aws-sdk/*'] as string[],
  // A script with a code cache cannot import(). The libraries do so for modules of Node, which can be required.
  supported: { 'dynamic-import': false },
} as const satisfies BuildOptions;

/**
 * Bundles functions, each with all that it needs.
 *
 * @returns what was written, in the order of `names`
 * @throws {Error} when a function does not build, or when a library that is slimmed is no longer as
 *   `slim/` knows it
 */
export async function bundleFunctions({
  names,
  outdir,
  slimmed = true,
}: BundleOptions): Promise<Bundle[]> {
  const apart = slimmed ? await namesWithoutServer(names) : [];
  const others = names.filter((name) => !apart.includes(name));
  const bundled = [
    ...(await bundle(others, slimmed ? [slim()] : [])),
    ...(await bundle(apart, [slim({ asksServers: false })])),
  ];
  await mkdir(join(outdir, 'functions'), { recursive: true });
  return Promise.all(
    names.map(async (name) => {
      const file = resolve(outdir, `functions/${name}.cjs`);
      const one = bundled.find((candidate) => candidate.name === name);
      if (!one) throw new Error(`esbuild produced no bundle for ${name}`);
      const code = await minified(compiledEagerly(withFewerNames(one.text)));
      await writeFile(file, code);
      return {
        name,
        file,
        bytes: Buffer.byteLength(code),
        modules: one.modules,
        packages: one.packages,
      };
    }),
  );
}

/** The functions whose contracts say that they need no database connection. */
async function namesWithoutServer(names: readonly string[]): Promise<string[]> {
  const { operations } = await allFunctions();
  return names.filter((name) => operations.get(name)?.contract.servers?.length === 0);
}

/** What esbuild makes of functions, in one run. */
async function bundle(
  names: readonly string[],
  plugins: Plugin[],
): Promise<(Omit<Bundle, 'file' | 'bytes'> & { text: string })[]> {
  if (names.length === 0) return [];
  const { outputFiles, metafile } = await build({
    ...settings,
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: join(root, `functions/${name}.ts`), out: name })),
    outdir: root,
    write: false,
    metafile: true,
    plugins,
  });
  return outputFiles.map(({ path, text }) => {
    const modules = Object.keys(metafile.outputs[relative(root, path)]?.inputs ?? {});
    return {
      name: basename(path, '.js'),
      text,
      modules: modules.length,
      packages: [...new Set(modules.flatMap((module) => packageOf(module) ?? []))],
    };
  });
}

/** Returns the npm package that a file belongs to; undefined for our own. */
export const packageOf = (file: string): string | undefined =>
  /.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];

/**
 * Half of the bytes to read. It comes last: esbuild's own minified bundle has arrow functions around its modules,
 * where {@link compiledEagerly} needs to see them, and this leaves the parentheses alone.
 */
async function minified(code: string): Promise<string> {
  const { platform, target, format, charset, legalComments, logLevel } = settings;
  const options = { platform, target, format, charset, legalComments, logLevel } as const;
  return (await transform(code, { ...options, minify: true })).code;
}
