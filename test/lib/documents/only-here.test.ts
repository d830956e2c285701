import { globSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const root = new URL('../../../', import.meta.url);

/** The code that may call the driver directly: the collections, the index management, and the estimated counts. */
const ALLOWED = /^lib\/(?:documents\/|indexes\/|reports\/overview\.ts$)/;

const all = globSync(['lib/**/*.ts', 'functions/*.ts'], { cwd: root });
const files = all.filter((file) => !ALLOWED.test(file));
const filesWith = (pattern: RegExp, among: string[]) =>
  among.filter((file) => pattern.test(readFileSync(new URL(file, root), 'utf8')));

it.each([
  ['repeats an operation', /\bretryOnce\(/],
  ['calls the driver', /\.collection\b(?!\.ts)/],
  ['queries a model', /\.lean\b|\.countDocuments\(|\.findOneAndUpdate\(\s*\{[^}]*\},[^;]*signal/],
])('nothing outside of lib/documents %s', (_, pattern) => {
  expect(files.length).toBeGreaterThan(100);
  expect(filesWith(pattern, files)).toEqual([]);
});

// The server's clock decides: `serverNow()`, `$currentDate` or `$$NOW`; and `msSince()` for the age of what is cached. Only the
// lines of the log have the time of the container.
it('nothing dates or compares by the clock of its container', () => {
  const dated = filesWith(/\bDate\.now\b|\bnew Date\(\)|\bDate\(\)/, all);
  expect(dated.sort()).toEqual(['lib/runtime/log.ts', 'lib/runtime/metrics.ts']);
});
