import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

/*
 * A process that watches a folder of modules, and prints what they return, for each line of its input.
 */

const folder = mkdtempSync(join(tmpdir(), 'manystore-reload-'));
const root = pathToFileURL(`${folder}/`).href;
const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
const PROGRAM = `
  import { createInterface } from 'node:readline';
  const { reloadOnChange } = await import(${JSON.stringify(import.meta.resolve('../../local/reload.ts'))});
  const root = ${JSON.stringify(root)};
  reloadOnChange({ root, folders: ['functions', 'lib'], connections: 'lib/connections.ts', graceMs: 0 });
  for await (const _ of createInterface({ input: process.stdin }))
    await import(root + 'functions/get.ts').then(
      ({ handler }) => console.log(handler()),
      ({ name }) => console.log(name),
    );
`;

const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const next = async (): Promise<string> => (await lines.next()).value ?? '';
const get = () => {
  child.stdin.write('\n');
  return next();
};
/** Changes a file, and waits for the new generation. */
async function change(file: string, text: string) {
  // As many editors save a file.
  write(`${file}.new`, text);
  renameSync(join(folder, `${file}.new`), join(folder, file));
  expect(JSON.parse(await next())).toMatchObject({ message: 'reloaded', file });
}

beforeAll(() => {
  for (const name of ['functions', 'lib/deep']) mkdirSync(join(folder, name), { recursive: true });
  write('package.json', '{ "type": "module" }');
  write('lib/deep/text.ts', 'export const text: string = "first";');
  write(
    'lib/connections.ts',
    'export const closeConnections = async () => console.log("closed " + import.meta.url.split("/").at(-1));',
  );
  write(
    'functions/get.ts',
    `import { text } from '../lib/deep/text.ts';
    import '../lib/connections.ts';
    export const handler = () => text;`,
  );
});
afterAll(async () => {
  child.stdin.end();
  child.kill();
  rmSync(folder, { recursive: true });
});

it('loads modules again after a change, and closes the connections of those before', async () => {
  // The process watches once it has answered.
  expect(await get()).toBe('first');
  await change('lib/deep/text.ts', 'export const text: string = "second";');
  expect(await next()).toBe('closed connections.ts?generation=0');
  expect(await get()).toBe('second');
  await change('lib/deep/text.ts', 'export const text: string = "third";');
  expect(await next()).toBe('closed connections.ts?generation=1');
  expect(await get()).toBe('third');
});

it('fails while a module has a syntax error, and works again when it is corrected', async () => {
  await change('lib/deep/text.ts', 'export const text: string = ');
  expect(await next()).toBe('closed connections.ts?generation=2');
  expect(await get()).toMatch(/Error$/);
  await change('lib/deep/text.ts', 'export const text: string = "corrected";');
  expect(await next()).toBe('closed connections.ts?generation=3');
  expect(await get()).toBe('corrected');
});
