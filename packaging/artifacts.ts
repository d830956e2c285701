import { execFile } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import JSZip from 'jszip';
import pMap from 'p-map';
import { FROM_SOURCE } from '../local/from-source.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { bundleFunctions, packageFolderOf } from './bundle.ts';
import { startWarmUpServers } from './warm-up-servers.ts';

const exec = promisify(execFile);
const LOADER = new URL('loader.mjs', import.meta.url);
const COMPILE = fileURLToPath(new URL('compile.ts', import.meta.url));

/** A function to package. */
export interface FunctionToPackage {
  name: string;
  /** Glob patterns of the files that it reads at run time. */
  patterns: readonly string[];
}

/** A packaged function. */
export interface Artifact {
  name: string;
  /** The size of its archive, `<name>.zip`. */
  bytes: number;
  /** The number of modules in its bundle. */
  modules: number;
}

/**
 * Creates the archive of each function that is deployed to Lambda. It contains a loader, the bundle, V8's code cache
 * for the bundle, and the files that the function reads. Beside it, and not deployed, are its bill of materials
 * (`<name>.cdx.json`) and the source map of its bundle (`<name>.bundle.js.map`). Apart from the code cache, the same
 * sources make the same bytes.
 *
 * @param folder where the archives are written, as `<name>.zip`
 * @param isForThisProcessor whether the target has the processor architecture of this machine. V8's code cache works
 *   on that architecture only, and is omitted for another
 * @param onArtifact called after each function
 * @throws {Error} if a function fails its example request
 */
export async function makeArtifacts(
  functions: readonly FunctionToPackage[],
  folder: string,
  {
    isForThisProcessor,
    onArtifact,
  }: { isForThisProcessor: boolean; onArtifact?: (() => void) | undefined },
): Promise<Artifact[]> {
  mkdirSync(folder, { recursive: true });
  const outdir = mkdtempSync(join(tmpdir(), 'manystore-bundles-'));
  try {
    const bundles = await bundleFunctions({ names: functions.map(({ name }) => name), outdir });
    return await pMap(
      bundles,
      async ({ name, file, modules, folders, map }, index) => {
        const patterns = functions[index]?.patterns ?? [];
        const files = filesOf(patterns);
        const script = join(outdir, `${name}.bundle.js`);
        writeFileSync(script, asFunction(readFileSync(file, 'latin1')), 'latin1');
        const archive = await zipped({
          [`functions/${name}.mjs`]: readFileSync(LOADER),
          [`functions/${name}.bundle.js`]: readFileSync(script),
          ...(isForThisProcessor
            ? { [`functions/${name}.bundle.v8`]: await compiled(name, script) }
            : {}),
          ...files,
        });
        writeFileSync(join(folder, `${name}.zip`), archive);
        const packages = [
          ...folders,
          ...Object.keys(files).flatMap((path) => packageFolderOf(path) ?? []),
        ];
        writeFileSync(join(folder, `${name}.cdx.json`), billOfMaterials(name, packages));
        writeFileSync(join(folder, `${name}.bundle.js.map`), shifted(map));
        onArtifact?.();
        return { name, bytes: archive.length, modules };
      },
      { concurrency: availableParallelism() },
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/**
 * Creates an empty archive for each function, which is enough to check the template. Nobody may deploy them.
 *
 * @param folder where the archives are written, as `<name>.zip`
 */
export async function placeholders(
  functions: readonly FunctionToPackage[],
  folder: string,
): Promise<Artifact[]> {
  mkdirSync(folder, { recursive: true });
  const archive = await zipped({ 'placeholder.txt': Buffer.from('template only') });
  return functions.map(({ name }) => {
    writeFileSync(join(folder, `${name}.zip`), archive);
    return { name, bytes: archive.length, modules: 0 };
  });
}

/** Wraps a bundle into a script that evaluates to a function, as the loader expects. The bundle begins in the second line. */
const asFunction = (bundle: string) => `(function (module, exports, require) {\n${bundle}\n})`;

/** Returns the source map of a bundle for its script. */
function shifted(map: string): string {
  const { mappings, ...rest } = JSON.parse(map);
  return JSON.stringify({ ...rest, mappings: `;${mappings}` });
}

/** Returns V8's code cache for a bundle after the bundle has served its example, on separate servers. */
async function compiled(name: string, script: string): Promise<Buffer> {
  await using servers = await startWarmUpServers();
  const output = `${script}.v8`;
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    ...servers.env,
    STORE_DRAIN_MS: '0',
    // As in Lambda, so that the code that connects early, logs and writes metrics is compiled too.
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    POWERTOOLS_LOG_LEVEL: 'INFO',
    POWERTOOLS_METRICS_DISABLED: 'false',
  };
  try {
    await exec(process.execPath, ['--expose-gc', ...FROM_SOURCE, COMPILE, script, name, output], {
      env,
    });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(`Could not warm up ${name}:\n${stderr}`, { cause: error });
  }
  return readFileSync(output);
}

const filesOf = (patterns: readonly string[]): Record<string, Uint8Array> =>
  Object.fromEntries(globSync([...patterns]).map((file) => [file, readFileSync(file)]));

/** Creates a reproducible archive: otherwise each deployment would replace every function. */
async function zipped(files: Record<string, Uint8Array>): Promise<Buffer> {
  const archive = new JSZip();
  // The earliest date that the ZIP format supports.
  const options = {
    date: new Date('1980-01-01Z'),
    unixPermissions: 0o100644,
    createFolders: false,
  };
  for (const [name, data] of Object.entries(files)) archive.file(name, data, options);
  // JSZip compresses code caches 2% better than Node's zlib.
  return archive.generateAsync({
    ...{ type: 'nodebuffer', platform: 'UNIX' },
    ...{ compression: 'DEFLATE', compressionOptions: { level: 9 } },
  });
}
