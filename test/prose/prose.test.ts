import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { lintProse } from '../../docs/prose/lint.ts';

/*
 * The prose linter, run on the texts of made-up files. `npm run prose` does not read this file, since it quotes bad sentences.
 */

/** What the linter finds in a file: where, and the words. */
const found = (file: string, source: string) =>
  lintProse(file, source).map(({ line, column, found }) => `${line}:${column} ${found}`);

/** Where a file can have prose, with a sentence of the list in it: the file, its text, and what must be found. */
const planted: Record<string, [file: string, source: string, expected: string]> = {
  "a problem's text": [
    'lib/http/problems.ts',
    "throw new Forbidden('The token has not the scope.');",
    '1:32 has not',
  ],
  'a template': [
    'lib/http/authorize.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a source file
    'const detail = `The token has not the scope ${scope}.`;',
    '1:27 has not',
  ],
  'strings added up over lines': [
    'functions/create-store.ts',
    "const summary =\n  'It is made when the store is created, never by ' +\n  'the way.';",
    '2:48 by the way',
  ],
  'a title of a test': [
    'test/functions/get-store.test.ts',
    "describe('get-store', () => {\n  it.concurrent('tells of the store', run);\n});",
    '2:18 tells of',
  ],
  'a title with rows': [
    'packages/connections/test/pool.test.ts',
    "it.each([['for whoever waits', 1]])('opens %s', run);",
    '1:16 whoever',
  ],
  'a comment': ['lib/stores/registry.ts', 'const a = 1; // Read anew.', '1:22 anew'],
  'a docblock that wraps': [
    'lib/mirror/sync.ts',
    '/**\n * Ignores what a run of\n * before still writes.\n */\nexport {};',
    '2:19 run of before',
  ],
  'line comments that follow each other': [
    'packaging/loader.mjs',
    '// The function asks\n// no server.\nmodule.exports = {};',
    '1:17 asks no server',
  ],
  'the API document': [
    'docs/openapi.json',
    '{\n  "info": {\n    "description": "Indexes\\nas the schemas have them."\n  }\n}',
    '3:30 as the schemas have them',
  ],
  'a paragraph that wraps': [
    'README.md',
    '# Stores\n\nA product is in the **master\ncatalog**.\n',
    '3:23 master catalog',
  ],
  'a cell of a table': [
    'docs/operations.md',
    '| code | what |\n| --- | --- |\n| 403 | The token has not the scope. |\n',
    '3:19 has not',
  ],
  'a comment in YAML': ['serverless.yml', 'a: 1\n  # kept for\n  # ever\n', '2:10 for ever'],
};

/** Correct sentences, and wrong words where they are no prose. */
const clean: Record<string, [file: string, source: string]> = {
  'a correct text': ['lib/a.ts', "throw new Forbidden('The token lacks the scope.');"],
  'words on both sides of a line without text': [
    'lib/a.ts',
    '/**\n * A run of\n *\n * before.\n */\n\n// It goes by\n\n// the way.\n',
  ],
  'words on both sides of a gap': ['docs/a.md', 'The run of\n\nbefore.\n\n| by | the way |\n'],
  'code in a comment': ['lib/a.ts', '// Never say `by the way`.'],
  'code in a document': ['docs/a.md', 'Never say `by the way`; see [it](by-the-way.md).'],
  'identifiers and regular expressions': ['lib/a.ts', 'const anew = /by the way/.test(shall);'],
};

describe('the prose linter', () => {
  it.each(Object.entries(planted))('finds the words in %s', (_, [file, source, expected]) => {
    expect(found(file, source)).toEqual([expected]);
  });

  it.each(Object.entries(clean))('accepts %s', (_, [file, source]) => {
    expect(found(file, source)).toEqual([]);
  });

  it('says what to write instead, in the order of the file', () => {
    const source = '// It connects anew.\n// The token has not the scope.\n';
    expect(lintProse('lib/a.ts', source)).toEqual([
      { file: 'lib/a.ts', line: 1, column: 16, found: 'anew', write: 'again' },
      { file: 'lib/a.ts', line: 2, column: 14, found: 'has not', write: 'lacks' },
    ]);
  });
});

describe('each entry of the word list', () => {
  const { rules }: { rules: { expected: string; specs: { from: string; to: string }[] }[] } = parse(
    readFileSync(new URL('../../docs/prose/words.yml', import.meta.url), 'utf8'),
  );

  it('shows what it finds and what it leaves alone', () => {
    const isFound = ({ from, to }: { from: string; to: string }) => from !== to;
    const incomplete = rules.filter(({ specs }) => new Set(specs.map(isFound)).size < 2);
    expect(incomplete.map(({ expected }) => expected)).toEqual([]);
  });
});
