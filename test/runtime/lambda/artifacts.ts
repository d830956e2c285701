import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The functions as they are deployed. */
export interface Artifacts extends Disposable {
  /** Returns the folder with the contents of a function's archive: its LAMBDA_TASK_ROOT. */
  folderOf(name: string): string;
  /** Returns how long Lambda lets a function run, in milliseconds. */
  timeoutOf(name: string): number;
}

/**
 * Packages the service as `npm run package` does, and unpacks a function when it is first used.
 *
 * @param packaged a folder with the archives of an earlier `npm run package`
 */
export async function makeArtifacts(packaged?: string): Promise<Artifacts> {
  const folder = mkdtempSync(join(tmpdir(), 'manystore-runtime-'));
  const archives = packaged ?? join(folder, 'archives');
  if (packaged === undefined) {
    const args = ['run', '--silent', 'package', '--', '--package', archives];
    await promisify(execFile)('npm', args, { cwd: root });
  }
  const template = templateIn(archives);
  const unpacked = new Set<string>();
  return {
    folderOf(name) {
      const target = join(folder, name);
      if (!unpacked.has(name)) unpack(join(archives, `${name}.zip`), target);
      unpacked.add(name);
      return target;
    },
    timeoutOf: (name) => timeoutIn(template, name),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function unpack(archive: string, target: string): void {
  for (const [path, bytes] of Object.entries(unzipSync(readFileSync(archive)))) {
    const file = join(target, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}

interface Template {
  Resources: Record<string, { Type: string; Properties: { Handler: string; Timeout: number } }>;
}

const templateIn = (archives: string): Template =>
  parse(readFileSync(join(archives, 'cloudformation-template-update-stack.json'), 'utf8'));

function timeoutIn({ Resources }: Template, name: string): number {
  const found = Object.values(Resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' && Properties.Handler === `functions/${name}.handler`,
  );
  if (!found) throw new Error(`The template has no function ${name}`);
  return found.Properties.Timeout * 1_000;
}
