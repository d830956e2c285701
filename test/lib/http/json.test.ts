import { describe, expect, it } from '@jest/globals';
import { parseJson, TooManyValues } from '#lib/http/json.ts';
import { scanJson } from '#lib/http/json-scan.ts';

/** The elements that a scan finds in an array, as texts. */
function itemsOf(text: string): string[] {
  const items: string[] = [];
  scanJson(text, {}, (start, end) => items.push(text.slice(start, end)));
  return items;
}

describe('the scan of JSON', () => {
  it.each([
    ['objects', '[{},{},{}]', 4],
    ['members', '{"a":1,"b":[true,null]}', 5],
    ['text that looks like values', '["[1,2,3]","{\\"a\\":1}"]', 3],
    ['numbers', '[1,-2.5,3e5]', 4],
    ['a text alone', '"a"', 1],
  ])('counts %s', (_, text, values) => {
    expect(parseJson(text, { values })).toEqual(JSON.parse(text));
    expect(() => parseJson(text, { values: values - 1 })).toThrow(TooManyValues);
  });

  it('stops at the first value too many, and does not look at what follows', () => {
    const text = `[${'1,'.repeat(10)}\u0000 "\\ud800" 1e999`;
    expect(() => parseJson(text, { values: 10 })).toThrow('must have at most 10 values');
  });

  it('finds the elements of an array', () => {
    expect(itemsOf(' [ 1, {"a":[2,3]},"]," ] ')).toEqual([' 1', ' {"a":[2,3]}', '"]," ']);
    for (const text of ['[]', ' [ ] ', '{"a":[1,2]}', '1', '']) expect(itemsOf(text)).toEqual([]);
    expect(itemsOf('[1,]')).toEqual(['1', '']);
    expect(() => scanJson('[1,2,3]', { items: 2 })).toThrow('must have at most 2 items');
  });

  it.each([
    ['["\\ud83d\\ude00"]', null],
    ['["\\\\ud83d"]', null],
    ['["\\ud83d\\\\ude00"]', 'surrogate'],
    ['["\\ude00\\ud83d"]', 'surrogate'],
    ['["\\ud83d"]', 'surrogate'],
    ['{"\\uDE00":1}', 'surrogate'],
    ['["\\"",1e400]', 'too large'],
    ['["1e400"]', null],
    ['[-9007199254740993]', 'too large'],
    ['[0.0000000000000000000001]', null],
    ['[0e-999]', null],
    ['[1E-999]', 'too small'],
  ])('reads %s', (text, reason) => {
    if (reason === null) expect(parseJson(text)).toEqual(JSON.parse(text));
    else expect(() => parseJson(text)).toThrow(reason);
  });
});
