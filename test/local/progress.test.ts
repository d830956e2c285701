import { expect, it } from '@jest/globals';
import { showProgress } from '../../local/progress.ts';

/** Adds up to `total` in steps of `step`, and returns the output. */
function written(total: number, step: number, isTTY: boolean): string {
  let text = '';
  const output = { isTTY, write: (more: string) => (text += more) };
  const progress = showProgress('stores', total, output);
  for (let done = 0; done < total; done += step) progress.add(step);
  progress.end();
  return text.replace(/\d+\.\d s/g, '0.0 s');
}

it('updates one line on a terminal, and ends it', () => {
  const [first, ...lines] = written(4, 2, true).split('\r\u001B[K');
  expect(first).toBe('');
  expect(lines).toEqual(['2 of 4 stores (50 %, 0.0 s)', '4 of 4 stores (100 %, 0.0 s)\n']);
});

it('writes a plain line for each tenth if the output is not a terminal', () => {
  const lines = written(1_000, 1, false).trimEnd().split('\n');
  expect(lines).toHaveLength(10);
  expect(lines[0]).toBe('100 of 1000 stores (10 %, 0.0 s)');
  expect(lines.at(-1)).toBe('1000 of 1000 stores (100 %, 0.0 s)');
});

it('writes one line when several tenths are reached at once', () => {
  expect(written(2, 2, false)).toBe('2 of 2 stores (100 %, 0.0 s)\n');
});

it('writes nothing when there is nothing to do', () => {
  expect(written(0, 1, false)).toBe('');
});
