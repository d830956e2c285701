import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../support/imports.ts';

const documents = globSync(['*.md', 'docs/*.md', 'bench/*.md', 'packages/*/*.md'], { cwd: root })
  .filter((document) => document !== 'CHANGELOG.md')
  .sort();

/** Paths in code marks, such as `lib/http/` or `test/faults/closing`. A pattern like `lib/…` names no file. */
const CODE_PATH =
  /`((?:bench|docs|functions|lib|local|openapi|packages|packaging|test)\/[\w./-]*)`/g;
/** A link from code to the line where it is, such as [`useDb(`](../lib/connections.ts#L55). */
const LINK_TO_LINE = /\[`([^`]+)`\]\(([^)#\s]+)#L(\d+)\)/g;
/** A command of the repository. */
const NPM_SCRIPT = /\bnpm run (?:-s )?([a-z][a-z:]*)/g;
const LINK = /\]\(([^)#\s]+)(?:#[\w-]*)?\)/g;

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const isThere = (path: string): boolean =>
  ['', '.ts', '.test.ts', '.long.test.ts'].some((ending) => existsSync(join(root, path + ending)));

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');

  it('links to files that exist', () => {
    const targets = [...text.matchAll(LINK)].map(([, target = '']) => target);
    const relative = targets.filter((target) => !/^[a-z]+:/.test(target));
    expect(relative.filter((to) => !isThere(join(dirname(document), to)))).toEqual([]);
  });

  it('links to lines that contain what the link names', () => {
    const links = [...text.matchAll(LINK_TO_LINE)].map(([, code = '', file = '', line]) => {
      const lines = readFileSync(join(root, dirname(document), file), 'utf8').split('\n');
      const containing = lines.flatMap((content, n) => (content.includes(code) ? [n + 1] : []));
      return { link: `${code} in ${file}`, line: Number(line), containing };
    });
    expect(links.filter(({ line, containing }) => !containing.includes(line))).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const named = [...text.matchAll(NPM_SCRIPT)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('names files that exist', () => {
    const named = [...text.matchAll(CODE_PATH)].map(([, path = '']) => path);
    // A package's own document may name its files from its own folder.
    expect(
      named.filter((path) => !isThere(path) && !isThere(join(dirname(document), path))),
    ).toEqual([]);
  });
});

it("README's tables link every function", () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const functions = globSync('functions/*.ts', { cwd: root });
  expect(functions.filter((file) => !readme.includes(`](${file})`))).toEqual([]);
});
