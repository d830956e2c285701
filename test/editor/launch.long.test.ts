import { execFile } from 'node:child_process';
import { readFileSync, utimesSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { setBreakpoint } from '../support/breakpoint.ts';
import { startService } from '../support/service.ts';

/*
 * Starts and debugs the launch configurations of VS Code as VS Code does.
 */

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8');

interface Launch {
  name: string;
  runtimeExecutable: string;
  runtimeArgs: string[];
  program: string;
  args?: string[];
}

/** The command of a configuration, run while the editor shows `file`. */
function commandOf(wanted: string, file = ''): [string, string[]] {
  const { configurations }: { configurations: Launch[] } = JSON.parse(read('.vscode/launch.json'));
  const found = configurations.find(({ name }) => name === wanted);
  if (!found) throw new Error(`There is no configuration ${wanted}`);
  const { runtimeExecutable, runtimeArgs, program, args = [] } = found;
  const [command = '', ...rest] = [runtimeExecutable, ...runtimeArgs, program, ...args].map(
    (text) => text.replace(/\$\{workspaceFolder\}/, root).replace(/\$\{file\}/, `${root}/${file}`),
  );
  return [command, rest];
}

/** The number of the first line of a file, counted from 1, that contains some code. */
const lineOf = (file: string, code: string) => read(file).split(code)[0]?.split('\n').length ?? 0;

describe('the launch configuration', () => {
  it('"Debug npm start" stops at a breakpoint in a handler', async () => {
    const file = 'functions/get-product.ts';
    const wanted = lineOf(file, 'findProduct(catalog');
    await using breakpoint = await setBreakpoint(file, wanted);
    const service = await startService({
      command: commandOf('Debug npm start'),
      env: breakpoint.env,
    });
    const list = await service.fetch('/stores/store-a/products');
    const { items } = (await list.json()) as { items: { id: string }[] };
    const id = items[0]?.id;
    const response = service.fetch(`/stores/store-a/products/${id}`);
    const { line, evaluate } = await breakpoint.reached;
    expect(line).toBe(wanted);
    expect(await evaluate('path.product')).toBe(id);
    await breakpoint[Symbol.asyncDispose]();
    expect((await response).status).toBe(200);
    expect(await service.stop()).toBe(0);
  }, 120_000);

  it('"Debug npm run dev" stops at a breakpoint in a handler that was loaded again', async () => {
    const file = 'functions/get-store.ts';
    const wanted = lineOf(file, 'findStore(');
    await using breakpoint = await setBreakpoint(file, wanted);
    const service = await startService({
      command: commandOf('Debug npm run dev'),
      env: breakpoint.env,
    });
    // The same content, with a new date.
    utimesSync(`${root}/${file}`, new Date(), new Date());
    while (!service.output().includes('"reloaded"')) await sleep(50);
    const response = service.fetch('/stores/store-a');
    const { line } = await breakpoint.reached;
    expect(line).toBe(wanted);
    await breakpoint[Symbol.asyncDispose]();
    expect((await response).status).toBe(200);
    expect(await service.stop()).toBe(0);
  }, 120_000);

  it('"Debug the open test file" stops at a breakpoint in a test', async () => {
    const file = 'test/local/progress.test.ts';
    const wanted = lineOf(file, 'expect(');
    await using breakpoint = await setBreakpoint(file, wanted);
    const [command, args] = commandOf('Debug the open test file', file);
    const env = { ...process.env, ...breakpoint.env };
    const test = promisify(execFile)(command, args, { cwd: root, env });
    const { line } = await breakpoint.reached;
    expect(line).toBe(wanted);
    await breakpoint[Symbol.asyncDispose]();
    expect((await test).stderr).toContain('1 passed, 1 total');
  }, 120_000);
});
