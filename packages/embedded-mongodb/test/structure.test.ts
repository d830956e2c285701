import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));
const importPattern = /(?:^|\n)(?:import|export)\b[^;]*?\bfrom '([^']+)'|import\('([^']+)'\)/g;

function filesIn(folder: string, ending: RegExp): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => ending.test(name)).map((name) => join(folder, name));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(importPattern)].map(([, from, dynamic]) => from ?? dynamic ?? '');
}

/** The files of the package that a file imports. */
function localImports(file: string): string[] {
  return importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(root, resolve(root, dirname(file), name)));
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

const sources = filesIn('src', /\.ts$/);
const tests = filesIn('test', /\.ts$/);

describe('the package', () => {
  test('imports no file outside its own folder', () => {
    const outside = [...sources, ...tests].flatMap((file) =>
      localImports(file).filter((path) => path.startsWith('..')),
    );
    expect(outside).toEqual([]);
  });

  test('imports no other packages than its dependencies', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const used = new Set(
      sources
        .flatMap(importsOf)
        .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
        .map(packageOf),
    );
    expect([...used].sort()).toEqual(Object.keys(dependencies).sort());
  });
});

describe('the source files', () => {
  /** What each file can reach through imports. */
  function reachable(file: string, found = new Set<string>()): Set<string> {
    for (const imported of localImports(file)) {
      if (found.has(imported)) continue;
      found.add(imported);
      reachable(imported, found);
    }
    return found;
  }

  test('import each other in circles only where filters and expressions contain each other', () => {
    const inCircles = sources.filter((file) => reachable(file).has(file));
    expect(inCircles.sort()).toEqual([
      'src/query/engine.ts',
      'src/query/filter.ts',
      'src/query/predicates.ts',
      'src/query/stages.ts',
    ]);
  });

  /** What is loaded with a file: files of the package, and the names of others. */
  function loadedWith(file: string, found = new Set<string>()): Set<string> {
    const isLater = /import\('[^']+'\)|(?:^|\n)(?:import|export) type\b[^;]*;/g;
    const text = readFileSync(join(root, file), 'utf8').replace(isLater, '\n');
    for (const [, name = ''] of text.matchAll(importPattern)) {
      const isLocal = name.startsWith('.');
      const loaded = isLocal ? relative(root, resolve(root, dirname(file), name)) : name;
      if (found.has(loaded)) continue;
      found.add(loaded);
      if (isLocal) loadedWith(loaded, found);
    }
    return found;
  }

  test('load what sign-in, TLS and data folders need only when they are used', () => {
    const loaded = [...loadedWith('src/index.ts')];
    expect(loaded).toContain('src/commands/sign-in.ts');
    const inAccess = loaded.filter((name) => name.startsWith('src/access/'));
    expect(inAccess.sort()).toEqual(['src/access/roles.ts', 'src/access/user-queries.ts']);
    expect(loaded.filter((name) => name.startsWith('src/data-folder/'))).toEqual([]);
    expect(loaded).not.toContain('node:tls');
    expect(loaded).not.toContain('@mongodb-js/saslprep');
  });

  test('are in layers: a folder imports only from the folders below it', () => {
    const layers = ['bson', 'storage', 'data-folder', 'query', 'update', 'access', 'commands'];
    const layerOf = (file: string) => layers.indexOf(file.split('/')[1] ?? '');
    const upwards = sources.flatMap((file) =>
      localImports(file)
        .filter((imported) => layerOf(file) >= 0 && layerOf(imported) > layerOf(file))
        .map((imported) => `${file} imports ${imported}`),
    );
    expect(upwards).toEqual([]);
  });
});
