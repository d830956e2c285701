import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin, transform } from 'esbuild';
import { SOURCE_CONDITION } from '../local/from-source.ts';
import { allFunctions } from '../openapi/functions.ts';
import { withShortKeys } from './module-keys.ts';
import { withFewerNames } from './names.ts';
import { slim } from './slim/plugin.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** The bundle of a function. */
export interface Bundle {
  /** The function's name. */
  name: string;
  /** The path of the bundle, `<outdir>/functions/<name>.cjs`. It exports `handler`. */
  file: string;
  /** The size of the bundle. */
  bytes: number;
  /** The number of modules in the bundle. */
  modules: number;
  /** The npm packages that have modules in it. */
  packages: string[];
  /** The folders of these packages. */
  folders: string[];
  /** The source map of the bundle, as JSON. */
  map: string;
}

export interface BundleOptions {
  /** The names of the functions: files of `functions/`, without their extension. */
  names: readonly string[];
  /** The folder that the bundles are written to. */
  outdir: string;
  /** Whether to apply the plugin of `slim/`. The default is true. */
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
  // mongoose recognises some types by their class name.
  keepNames: true,
  conditions: [SOURCE_CONDITION, 'module'],
  // The Lambda runtime includes the SDK, and the driver loads it only to authenticate with an IAM role.
  external: ['@aws-sdk/*'] as string[],
  // A script with a code cache cannot use import(). The libraries use it only for Node's modules, which require() loads.
  supported: { 'dynamic-import': false },
} as const satisfies BuildOptions;

/**
 * Bundles functions, each with all of its dependencies.
 *
 * @returns the bundles, in the order of `names`
 * @throws {Error} if a function does not build, or if a library no longer matches the rules of `slim/`
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
    ...(await bundle(apart, [slim({ needsDatabase: false })])),
  ];
  await mkdir(join(outdir, 'functions'), { recursive: true });
  return Promise.all(
    names.map(async (name) => {
      const file = resolve(outdir, `functions/${name}.cjs`);
      const one = bundled.find((candidate) => candidate.name === name);
      if (!one) throw new Error(`esbuild produced no bundle for ${name}`);
      const { text, map: unminified, ...rest } = one;
      const { code, map } = await minified(withShortKeys(withFewerNames(text)), unminified);
      await writeFile(file, code);
      return { ...rest, file, bytes: Buffer.byteLength(code), map };
    }),
  );
}

/** Returns the functions whose contracts declare that they need no database connection. */
async function namesWithoutServer(names: readonly string[]): Promise<string[]> {
  const { operations } = await allFunctions();
  return names.filter((name) => operations.get(name)?.contract.servers?.length === 0);
}

/** Bundles functions in one run of esbuild. */
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
    sourcemap: 'external',
    sourcesContent: false,
    plugins,
  });
  const textOf = new Map(outputFiles.map(({ path, text }) => [path, text]));
  return outputFiles
    .filter(({ path }) => path.endsWith('.js'))
    .map(({ path, text }) => {
      const modules = Object.keys(metafile.outputs[relative(root, path)]?.inputs ?? {});
      const folders = [...new Set(modules.flatMap((module) => packageFolderOf(module) ?? []))];
      return {
        name: basename(path, '.js'),
        text,
        modules: modules.length,
        packages: [...new Set(folders.flatMap((folder) => packageOf(folder) ?? []))],
        folders,
        map: textOf.get(`${path}.map`) ?? '',
      };
    });
}

const PACKAGE_FOLDER = /.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)/;

/** Returns the npm package that a file belongs to; undefined for our own. */
export const packageOf = (file: string): string | undefined => PACKAGE_FOLDER.exec(file)?.[1];

/** Returns the folder of the npm package that a file belongs to; undefined for our own. */
export const packageFolderOf = (file: string): string | undefined => PACKAGE_FOLDER.exec(file)?.[0];

/**
 * Minifies a bundle to about half its size. This is a separate last step, because {@link withFewerNames} recognises
 * names only before.
 *
 * @param map the source map of `code`: the steps before this one change no line's number
 */
async function minified(code: string, map: string): Promise<{ code: string; map: string }> {
  const { platform, target, format, charset, legalComments, logLevel } = settings;
  const options = { platform, target, format, charset, legalComments, logLevel } as const;
  const comment = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`;
  return transform(`${code}\n${comment}\n`, {
    ...options,
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
  });
}
