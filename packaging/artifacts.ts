import { execFile } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import JSZip from 'jszip';
import pMap from 'p-map';
import { FROM_SOURCE } from '../local/from-source.ts';
import { startEmbeddedServers } from '../local/servers.ts';
import { bundleFunctions } from './bundle.ts';

const exec = promisify(execFile);
const LOADER = new URL('loader.cjs', import.meta.url);
const COMPILE = fileURLToPath(new URL('compile.ts', import.meta.url));

/** What becomes an artifact. */
export interface FunctionToPackage {
  name: string;
  /** Files that it reads when it runs, as glob patterns. */
  patterns: readonly string[];
}

/** What became one. */
export interface Artifact {
  name: string;
  /** Of its archive, `<name>.zip`. */
  bytes: number;
  /** In its bundle. */
  modules: number;
}

/**
 * Makes the archive that Lambda gets of each function: a loader, the bundle, what V8 has compiled of it, and the files
 * that it reads.
 *
 * @param folder where the archives go, as `<name>.zip`
 * @param isForThisProcessor whether they will run on the kind of processor that this machine has: what V8
 *   compiles serves on that alone, and is left out for another
 * @throws {Error} when a function does not answer its example
 */
export async function makeArtifacts(
  functions: readonly FunctionToPackage[],
  folder: string,
  { isForThisProcessor }: { isForThisProcessor: boolean },
): Promise<Artifact[]> {
  mkdirSync(folder, { recursive: true });
  const outdir = mkdtempSync(join(tmpdir(), 'manystore-bundles-'));
  try {
    const bundles = await bundleFunctions({ names: functions.map(({ name }) => name), outdir });
    return await pMap(
      bundles,
      async ({ name, file, modules }, index) => {
        const script = join(outdir, `${name}.bundle.js`);
        writeFileSync(script, asFunction(readFileSync(file, 'latin1')), 'latin1');
        const archive = await zipped({
          [`functions/${name}.cjs`]: readFileSync(LOADER),
          [`functions/${name}.bundle.js`]: readFileSync(script),
          ...(isForThisProcessor
            ? { [`functions/${name}.bundle.v8`]: await compiled(name, script) }
            : {}),
          ...filesOf(functions[index]?.patterns ?? []),
        });
        writeFileSync(join(folder, `${name}.zip`), archive);
        return { name, bytes: archive.length, modules };
      },
      { concurrency: availableParallelism() },
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** A bundle as a script whose value is a function: what the loader runs. */
const asFunction = (bundle: string) => `(function (module, exports, require) {${bundle}\n})`;

/** What V8 has compiled of a bundle once it has answered an example, on servers of its own. */
async function compiled(name: string, script: string): Promise<Buffer> {
  await using servers = await startEmbeddedServers();
  const output = `${script}.v8`;
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    ...servers.env,
    CURSOR_SECRET: 'signs the cursors of the examples',
    SECRETS_PARAMETER: '',
    STORE_DRAIN_MS: '0',
    // As in Lambda: how it connects early, logs and counts is compiled as well.
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

/** The same files make the same archive: else each deployment would replace each function. */
async function zipped(files: Record<string, Uint8Array>): Promise<Buffer> {
  const archive = new JSZip();
  // 1980 is the first year that an archive can say.
  const options = {
    date: new Date('1980-01-01Z'),
    unixPermissions: 0o100644,
    createFolders: false,
  };
  for (const [name, data] of Object.entries(files)) archive.file(name, data, options);
  // It compresses compiled code by a fiftieth smaller than Node's zlib does.
  return archive.generateAsync({
    ...{ type: 'nodebuffer', platform: 'UNIX' },
    ...{ compression: 'DEFLATE', compressionOptions: { level: 9 } },
  });
}
