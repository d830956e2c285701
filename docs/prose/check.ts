import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lintProse } from './lint.ts';

/*
 * `npm run prose`: lists the words of words.yml in the repository's documents, comments and strings, and fails if there are
 * any.
 */

const READ = ['**/*.{md,ts,cjs,js,yml}', '.env.example', 'docs/openapi.json'];

/** What is installed or generated, and the linter's test, which quotes the words. */
const NOT_READ = [
  '**/{node_modules,dist,coverage,.serverless}',
  'docs/client/paths.ts',
  'test/prose/prose.test.ts',
];

process.chdir(fileURLToPath(new URL('../../', import.meta.url)));
const files = globSync(READ, { exclude: NOT_READ }).sort();
const findings = files.flatMap((file) => lintProse(file, readFileSync(file, 'utf8')));

for (const { file, line, column, found, write } of findings) {
  console.log(`${file}:${line}:${column}  "${found}" → "${write}"`);
  process.exitCode = 1;
}
