import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { withShortKeys } from '../../packaging/module-keys.ts';
import { loadedLater } from '../../packaging/slim/load-later.ts';
import { patched, patches } from '../../packaging/slim/patches.ts';
import { slim } from '../../packaging/slim/plugin.ts';
import { replaced, requireUnused, standIns } from '../../packaging/slim/stand-ins.ts';

const require = createRequire(import.meta.url);

/** Runs a CommonJS module. It loads its imports from `modules`, and `loaded` records their order. */
async function run(source: string, modules: Record<string, unknown>) {
  const code = await loadedLater(source, { path: 'a-module.js', loader: 'js' });
  const loaded: string[] = [];
  const module = { exports: {} as Record<string, (...values: unknown[]) => unknown> };
  const load = (name: string) => {
    loaded.push(name);
    return modules[name];
  };
  new Function('module', 'exports', 'require', code)(module, module.exports, load);
  return { exports: module.exports, loaded };
}

describe('a module that loads later', () => {
  const sum = { add: (a: number, b: number) => a + b };

  it('loads its imports when it first uses them', async () => {
    const source = "const sum_1 = require('./sum');\nexports.two = () => (0, sum_1.add)(1, 1);";
    const { exports, loaded } = await run(source, { './sum': sum });
    expect(loaded).toEqual([]);
    expect(exports.two?.()).toBe(2);
    expect(loaded).toEqual(['./sum']);
  });

  it('loads at once an import that is used at once, or that has no name', async () => {
    const source = `
require('./effect');
const base_1 = require("./base");
const { named } = require('./named');
class Derived extends base_1.Base {}
exports.make = () => new Derived() instanceof base_1.Base;`;
    const { exports, loaded } = await run(source, {
      './base': { Base: class {} },
      './named': { named: 1 },
    });
    expect(loaded).toEqual(['./effect', './named', './base']);
    expect(exports.make?.()).toBe(true);
  });

  it('does not change other variables of the same name', async () => {
    const source = `
const sum = require('./sum');
exports.parameter = (sum) => sum;
exports.member = (other) => other.sum;
exports.short = () => ({ sum });
exports.made = (sum) => ({ sum });
exports.local = () => { const sum = 3; return sum; };
exports.text = () => 'sum.add';`;
    const { exports, loaded } = await run(source, { './sum': sum });
    expect(exports.parameter?.(1)).toBe(1);
    expect(exports.member?.({ sum: 2 })).toBe(2);
    expect(exports.made?.(4)).toEqual({ sum: 4 });
    expect(exports.local?.()).toBe(3);
    expect(exports.text?.()).toBe('sum.add');
    expect(loaded).toEqual([]);
    expect(exports.short?.()).toEqual({ sum });
  });

  it('can construct a class of a later module, and read a member', async () => {
    const source = `
const Made = require('./made').Made;
const all = require('./made');
exports.one = () => new Made() instanceof Made;
exports.other = () => new all.Made() instanceof all.Made;`;
    const { exports } = await run(source, { './made': { Made: class {} } });
    expect([exports.one?.(), exports.other?.()]).toEqual([true, true]);
  });

  it('fails the packaging when it assigns another value to the name of an import', async () => {
    const source = "var sum = require('./sum');\nexports.change = () => { sum = null; };";
    await expect(run(source, {})).rejects.toThrow('a-module.js');
  });
});

describe('the rules of slimming', () => {
  it('match the installed libraries', async () => {
    const options = { bundle: true, write: false, platform: 'node', logLevel: 'silent' } as const;
    const stdin = { contents: "require('mongoose');", resolveDir: import.meta.dirname };
    await build({ ...options, stdin, plugins: [slim()] });
  });

  it('fail the packaging when nothing loads the module that they change', async () => {
    const options = { bundle: true, write: false, platform: 'node', logLevel: 'silent' } as const;
    const stdin = { contents: "require('bson');", resolveDir: import.meta.dirname };
    await expect(build({ ...options, stdin, plugins: [slim()] })).rejects.toThrow('whatwg-url');
  });

  it('fail the packaging when a function that declares no server uses a connection', async () => {
    const options = { bundle: true, write: false, platform: 'node', logLevel: 'silent' } as const;
    const packaged = (contents: string) =>
      build({
        ...options,
        stdin: { contents, resolveDir: import.meta.dirname },
        plugins: [slim({ needsDatabase: false })],
      });
    await packaged("import { connectEarly } from '#lib/connections.ts'; connectEarly();");
    await expect(
      packaged("import { primary } from '#lib/connections.ts'; primary();"),
    ).rejects.toThrow('No matching export');
  });

  it.each(patches.map((patch) => [patch.name, patch] as const))(
    'do not patch %s when it has changed',
    (_, patch) => {
      const source = patch.lines.flatMap(({ text, times }) => Array(times).fill(text)).join('\n');
      expect(patched(patch, source)).not.toBe(source);
      expect(() => patched(patch, '')).toThrow(patch.name);
      expect(() => patched(patch, source + source)).toThrow(patch.name);
    },
  );

  it('fail the packaging when a replaced module has new exports, or the package that it does without is there', () => {
    const path = require.resolve('whatwg-url');
    const [standIn] = standIns.filter(({ file }) => file.test(path));
    if (!standIn) throw new Error('There is no stand-in');
    expect(replaced(standIn, path)).toBe(standIn.source);
    const fewer = { ...standIn, exports: standIn.exports.slice(1) };
    expect(() => replaced(fewer, path)).toThrow('whatwg-url');
    expect(() => replaced({ ...standIn, without: 'esbuild' }, path)).toThrow('esbuild');
  });

  it.each([
    ['await Model.find().populate("store");', 'getModelsMapForPopulate'],
    ['for await (const change of products.watch()) log(change);', 'ChangeStream'],
    ['await connection.getClient().bulkWrite(operations);', 'ClientBulkWriteExecutor'],
    ['const files = new mongo.GridFSBucket(db);', 'GridFSBucket'],
  ])('fail the packaging of a module that uses an excluded feature: %s', (source, name) => {
    expect(() => requireUnused(source, 'lib/new.ts')).toThrow(`lib/new.ts seems to use ${name}`);
    expect(() => requireUnused('await products.collection.bulkWrite([]);', '')).not.toThrow();
  });

  it('expect that one class of one package uses whatwg-url', () => {
    const user = readFileSync(require.resolve('mongodb-connection-string-url'), 'utf8');
    expect(user.match(/whatwg_url_1\.\w+/g)).toEqual(['whatwg_url_1.URL']);
  });
});

describe('the modules of a bundle', () => {
  it('do not contain their paths', () => {
    const bundle =
      'var require_a = __commonJS({\n  "lib/a.js"(exports) {\n    exports.a = "lib/a.js";\n  }\n});\n';
    expect(withShortKeys(bundle)).toBe(
      'var require_a = __commonJS({\n  m(exports) {\n    exports.a = "lib/a.js";\n  }\n});\n',
    );
  });

  it('fail the packaging when esbuild writes them in another form', () => {
    expect(() => withShortKeys('var require_a = __commonJS({ a(exports) {} });')).toThrow(
      'modules',
    );
  });
});
