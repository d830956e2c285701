import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cellOf, joinTags, splitTags, textOf } from '#lib/products/csv-cells.ts';
import { COLUMNS } from '#lib/products/csv-columns.ts';
import { readCsvRecords } from '#lib/products/csv-records.ts';
import { readCsvRows } from '#lib/products/csv-rows.ts';
import { formats } from '#lib/products/file-formats.ts';
import { randomProducts } from '../../support/random-products.ts';

describe('a cell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+49', "'+49"],
    ['-x', "'-x"],
    ['@me', "'@me"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    ["'=x", "''=x"],
    ['', "'"],
    ["'", "''"],
    ["'tis", "'tis"],
    ["a'=", "a'="],
    [undefined, ''],
  ])('of %j is written as %j, and read back unchanged', (text, cell) => {
    expect(cellOf(text)).toBe(cell);
    expect(textOf(cell)).toBe(text ?? null);
  });

  it.each([
    ['a|b', ['a', 'b']],
    ['a\\|b', ['a|b']],
    ['a\\\\|b', ['a\\', 'b']],
    ['a\\\\\\|b', ['a\\|b']],
    ['a\\b', ['a\\b']],
    ['a\\', ['a\\']],
    ['a||b', ['a', '', 'b']],
    ['|\\|', ['', '|']],
  ])('%j has the tags %j', (text, tags) => {
    expect(splitTags(text)).toEqual(tags);
    expect(splitTags(joinTags(tags))).toEqual(tags);
  });
});

/** The records as text: the cells of each, or the line of a fault. */
const read = (text: string) => {
  const { records } = readCsvRecords(text);
  return records.map((record) =>
    'read' in record ? `${record.line}:${record.read().join('+')}` : `${record.line}!`,
  );
};

describe('CSV', () => {
  it.each([
    ['that open no cell', 'a"b,c\n'],
    ['that close no cell', '"a"b,c\n'],
    ['between which there are lines', '1,"\na\nb\n"\n'],
  ])('with thousands of quotes %s is rejected early', (_, record) => {
    const text = `sku,name,stock\n${record.repeat(100_000)}`;
    expect(() => readCsvRecords(text)).toThrow('must not contain thousands of misplaced quotes');
  });

  it.each([
    ['LF', 'a,b\n1,2\n3,4\n'],
    ['CRLF', 'a,b\r\n1,2\r\n3,4'],
    ['CR', 'a,b\r1,2\r3,4\r'],
  ])('is read with %s line breaks', (_, text) => {
    expect(readCsvRecords(text).header).toEqual(['a', 'b']);
    expect(read(text)).toEqual(['2:1+2', '3:3+4']);
  });

  it.each([
    [
      'line breaks in cells',
      'a,b\n1,"x\r\ny\n"\n\n3,"\r4"\n5,6',
      ['2:1+x\r\ny\n', '6:3+\r4', '7:5+6'],
    ],
    ['lines without cells', '\na,b\n\n1,2\n\n\n3,4\n\n', ['4:1+2', '7:3+4']],
    ['quotes and commas in cells', 'a,b\n"1,""2""",3', ['2:1,"2"+3']],
  ])('is read with the line numbers of the text, with %s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ['too few cells', 'a,b\n1\n3,4', ['2!', '3:3+4']],
    ['too many cells', 'a,b\n1,2,3\n3,4', ['2!', '3:3+4']],
    ['too few cells, one of several lines', 'a,b,c\n"x\ny",2\n3,4,5', ['2!', '4:3+4+5']],
    ['a quote within a cell', 'a,b\n1,x"y\n3,4', ['2!', '3:3+4']],
    ['text behind a quoted cell', 'a,b\n1,"x"y\n3,4', ['2!', '3:3+4']],
    ['a quote that nothing closes', 'a,b\n1,"x\n3,4\n5,6', ['2!', '3:3+4', '4:5+6']],
    ['such a quote in the last line', 'a,b\n1,2\n3,"x', ['2:1+2', '3!']],
    [
      "a quote that another record's closes",
      'a,b\n1,"x\n3,4\n5,"y"\n7,8',
      ['2!', '3:3+4', '4:5+y', '5:7+8'],
    ],
    ['two of them in a row', 'a,b\n1,"x\n3,"y\n5,6', ['2!', '3!', '4:5+6']],
    ['one that a stray one closes', 'a,b\n1,"x\n3,4\n5,y",6\n7,8', ['2!', '3:3+4', '4!', '5:7+8']],
  ])('with %s loses only that record', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('with only faults is read in one pass', () => {
    const lines = Array.from({ length: 5_000 }, (_, i) => `${i},"x"y,${i}`);
    expect(read(`a,b,c\n${lines.join('\n')}`)).toHaveLength(5_000);
  });

  it('is read up to the first row above the limit', () => {
    expect(read(`a,b\n${'1\n'.repeat(500_000)}`)).toHaveLength(100_001);
    expect(read(`a,b\n${'1,2\n'.repeat(500_000)}`)).toHaveLength(100_001);
  });

  it('is rejected for an invalid header of any length', () => {
    const header = Array.from({ length: 200_000 }, (_, i) => `x${i}`).join();
    expect(() => readCsvRows(header)).toThrow('The CSV header is not valid');
  });
});

it('documents every column', () => {
  const text = readFileSync(new URL('../../../docs/architecture.md', import.meta.url), 'utf8');
  const [, listed = ''] = /^CSV has a header(.*?)\n\n/ms.exec(text) ?? [];
  for (const { name } of COLUMNS) expect(listed).toContain(`\`${name}\``);
});

it('writes no cell that a spreadsheet would run as a formula', () => {
  const products = randomProducts(500, 1).map((product) => ({ ...product, description: '=x' }));
  const { header, records } = readCsvRecords(formats.csv.write(products));
  const cells = records.flatMap((record) => ('read' in record ? record.read() : ['=a fault']));
  expect(cells.length).toBe(500 * header.length);
  expect([...header, ...cells].filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
});
