import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Finding, lintProse } from './lint.ts';

/*
 * `npm run prose`: lists the words of words.yml in the repository's documents, comments and strings, and fails if there are
 * any. `npm run prose -- --all` also lists those in the paths below.
 */

/** Paths that still have such words. Their findings are only counted. */
const NOT_CLEAN_YET = [
  'CHANGELOG.md',
  'docs/api.md',
  'docs/architecture.md',
  'docs/decisions.md',
  'docs/openapi.json',
  'functions/',
  'lib/',
  'openapi/',
  'packages/',
  'packaging/',
  'test/faults/deadline.test.ts',
  'test/functions/',
  'test/lib/',
  'test/openapi/declared.test.ts',
  'test/support/',
];

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

const isExcused = ({ file }: Finding) =>
  !process.argv.includes('--all') && NOT_CLEAN_YET.some((path) => file.startsWith(path));

for (const finding of findings.filter((finding) => !isExcused(finding))) {
  const { file, line, column, found, write } = finding;
  console.log(`${file}:${line}:${column}  "${found}" → "${write}"`);
  process.exitCode = 1;
}
for (const path of NOT_CLEAN_YET) {
  const count = findings.filter((finding) => isExcused(finding) && finding.file.startsWith(path));
  if (count.length > 0) console.log(`${path}: ${count.length} findings, not clean yet`);
}
