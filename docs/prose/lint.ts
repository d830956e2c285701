import { fileURLToPath } from 'node:url';
import { fromYAMLFilePath } from 'prh';
import { readProse } from './passages.ts';

/** Words of the list in a file. Line and column count from 1. */
export interface Finding {
  file: string;
  line: number;
  column: number;
  found: string;
  write: string;
}

const words = fromYAMLFilePath(fileURLToPath(new URL('words.yml', import.meta.url)));

/**
 * Finds the words of `words.yml` in a file, in their order.
 *
 * @param file its name, which decides what of it is prose
 */
export function lintProse(file: string, source: string): Finding[] {
  const prose = readProse(file, source);
  // prh looks for the blank line after a paragraph. Where there is none, it looks again from each character.
  const { diffs } = words.makeChangeSet(file, `${prose.text}\n\n`);
  return diffs
    .map((diff) => {
      const offset = prose.offsetOf(diff.index);
      const before = source.slice(0, offset).split('\n');
      return {
        file,
        line: before.length,
        column: (before.at(-1) ?? '').length + 1,
        found: diff.matches[0] ?? '',
        write: diff.newText ?? '',
        offset,
      };
    })
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, ...finding }) => finding);
}
