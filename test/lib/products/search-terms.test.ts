import { expect, it } from '@jest/globals';
import { searchTerms } from '#lib/products/search-terms.ts';
import { words } from '#lib/products/words.ts';

it.each([
  ['Café-Tisch', ['cafe', 'tisch']],
  ['USB-C 3.1, (new)', ['usb', 'c', '3', '1', 'new']],
  ['ﬁne ＡＢＣ', ['fine', 'abc']],
  ['漢字 2', ['漢字', '2']],
  ['--', []],
])('splits %j into the words %j', (text, expected) => {
  expect(words(text)).toEqual(expected);
});

it('splits plain text in the same way with and without an accent elsewhere', () => {
  const plain = Array.from({ length: 128 }, (_, code) => `x${String.fromCharCode(code)}Y`).join(
    ' ',
  );
  expect(words(`${plain} é`)).toEqual([...words(plain), 'e']);
});

it('returns the words of all searched fields, each once, at most a hundred', () => {
  const product = { sku: 'A-1', name: 'Red Table', category: 'Tables', tags: ['red', 'a b'] };
  expect(searchTerms(product)).toEqual(['a', '1', 'red', 'table', 'tables', 'b']);
  const description = Array.from({ length: 300 }, (_, i) => `w${i}`).join(' ');
  expect(searchTerms({ ...product, description })).toHaveLength(100);
  expect(searchTerms({ ...product, sku: 'x'.repeat(60) })[0]).toBe('x'.repeat(50));
});
