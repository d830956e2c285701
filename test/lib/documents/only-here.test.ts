import { globSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const root = new URL('../../../', import.meta.url);

/** The code that may call the driver directly: the collections, the index management, and the estimated counts. */
const ALLOWED = /^lib\/(?:documents\/|indexes\/|reports\/overview\.ts$)/;

const files = globSync(['lib/**/*.ts', 'functions/*.ts'], { cwd: root }).filter(
  (file) => !ALLOWED.test(file),
);

it.each([
  ['repeats an operation', /\bretryOnce\(/],
  ['calls the driver', /\.collection\b(?!\.ts)/],
  ['queries a model', /\.lean\b|\.countDocuments\(|\.findOneAndUpdate\(\s*\{[^}]*\},[^;]*signal/],
])('nothing outside of lib/documents %s', (_, pattern) => {
  expect(files.length).toBeGreaterThan(100);
  const found = files.filter((file) => pattern.test(readFileSync(new URL(file, root), 'utf8')));
  expect(found).toEqual([]);
});
