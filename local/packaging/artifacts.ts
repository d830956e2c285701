import { execFile } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { zipSync } from 'fflate';
import pMap from 'p-map';
import { startEmbeddedMongo } from '../embedded-mongodb/server.ts';
import { writeExamples } from '../example-catalog.ts';
import { type Bundle, bundleFunctions } from './bundle.ts';

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
  const bundles = await bundleFunctions(functions.map(({ name }) => name));
  return pMap(
    bundles,
    async (bundle, index) => {
      const { name, modules } = bundle;
      const text = wrapped(bundle);
      const files = {
        [`functions/${name}.cjs`]: readFileSync(LOADER),
        [`functions/${name}.bundle.js`]: Buffer.from(text, 'latin1'),
        ...(isForThisProcessor
          ? { [`functions/${name}.bundle.v8`]: await compiled(name, text) }
          : {}),
        ...filesOf(functions[index]?.patterns ?? []),
      };
      const archive = zipped(files);
      writeFileSync(join(folder, `${name}.zip`), archive);
      return { name, bytes: archive.length, modules };
    },
    { concurrency: availableParallelism() },
  );
}

/** The bundle as a script whose value is a function: what the loader runs. It is all ASCII: see the loader. */
function wrapped({ text }: Bundle): string {
  // What esbuild leaves is in comments and regular expressions, where an escape is as good.
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `(function (module, exports, require) {${text.replace(/[^\0-\x7f]/g, escaped)}\n})`;
}

/** What V8 has compiled of a bundle once it has answered an example, on servers of its own. */
async function compiled(name: string, text: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'manystore-compile-'));
  await using primary = await started();
  await using secondary = await started();
  try {
    await writeExamples(primary.uri, secondary.uri);
    const [bundle, output] = [join(folder, `${name}.bundle.js`), join(folder, 'code')];
    writeFileSync(bundle, text, 'latin1');
    await exec(process.execPath, ['--expose-gc', COMPILE, bundle, name, output], {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        PRIMARY_CONN_STR: primary.uri,
        SECONDARY_CONN_STR: secondary.uri,
        CURSOR_SECRET: 'examples',
        SECRETS_PARAMETER: '',
      },
    });
    return readFileSync(output);
  } catch (error) {
    throw new Error(`${name} could not be warmed up:\n${(error as { stderr?: string }).stderr}`, {
      cause: error,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function started() {
  const server = await startEmbeddedMongo();
  const uri = server.uri.replace('/?', '/manystore?');
  return { uri, [Symbol.asyncDispose]: () => server.stop() };
}

const filesOf = (patterns: readonly string[]): Record<string, Uint8Array> =>
  Object.fromEntries(globSync([...patterns]).map((file) => [file, readFileSync(file)]));

/** The same files make the same archive: else each deployment would replace each function. */
function zipped(files: Record<string, Uint8Array>): Uint8Array {
  const readableByAll = { os: 3, attrs: 0o100644 << 16, mtime: '1980-01-01T00:00:00' } as const;
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([name, data]) => [name, [data, readableByAll]])),
    { level: 9 },
  );
}
