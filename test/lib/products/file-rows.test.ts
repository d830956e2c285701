import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { breather } from '#lib/http/breathe.ts';
import { idempotencyKeyOf, idempotencyKeyOfRows } from '#lib/http/idempotency-key.ts';
import { openCatalog } from '#lib/products/catalog.ts';
import { readCsvRecords } from '#lib/products/csv-records.ts';
import { readCsvRows } from '#lib/products/csv-rows.ts';
import { importRows } from '#lib/products/import.ts';
import { readJsonRows, readNdjsonRows } from '#lib/products/json-rows.ts';
import { openStore } from '../../support/catalog.ts';
import { shareOf } from '../../support/length.ts';

const { signal } = new AbortController();

const numbers = (count: number) => `{"sku":"A","tags":[${Array(count).fill(1).join()}]}`;

describe('a row with more values than a product can have', () => {
  const small = '{"sku":"B","stock":1}';

  it.each([
    ['a JSON array', readJsonRows, (rows: string[]) => `[${rows.join()}]`],
    ['NDJSON', readNdjsonRows, (rows: string[]) => rows.join('\n')],
  ])('costs itself in %s', async (_, read, fileOf) => {
    expect(await read(fileOf([numbers(498), numbers(497), small]), signal)).toEqual([
      { line: 1, fault: expect.stringContaining('must have at most 500 values') },
      { line: 2, value: expect.objectContaining({ sku: 'A' }) },
      { line: 3, value: { sku: 'B', stock: 1 } },
    ]);
  });
});

describe('a JSON array', () => {
  it.each([
    '',
    '{}',
    '1',
    '[1',
    '[1,2',
    '[1,]',
    '[,1]',
    '[1]]',
    '[1] 2',
    '[[1]',
    '[{]},{[}]',
    '][',
  ])('that is not one is rejected: %s', (text) =>
    expect(readJsonRows(text, signal)).rejects.toThrow(/must be (?:valid JSON|a JSON array)/),
  );

  it('is read as JSON.parse reads it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), async (values) => {
        const text = JSON.stringify(values, null, 1);
        if (/__proto__|\d{16}|\de[+-]?\d{2}/i.test(text)) return;
        const rows = JSON.parse(text).map((value: unknown, n: number) => ({ line: n + 1, value }));
        expect(await readJsonRows(text, signal)).toEqual(rows);
      }),
    );
  });

  it('with a row too many is rejected before a row is parsed', async () => {
    const text = `[{"__proto__":1},${'1,'.repeat(100_000)}1]`;
    await expect(readJsonRows(text, signal)).rejects.toThrow('must have at most 100000 items');
  });
});

describe('CSV', () => {
  it('has its header checked before its second row is read', () => {
    const misplaced = '"a"b\n'.repeat(20_000);
    expect(() => readCsvRows(`sku,colour\n${misplaced}`)).toThrow('The CSV header is not valid');
    expect(() => readCsvRows(`sku,name\n${misplaced}`)).toThrow('thousands of misplaced quotes');
  });

  it('has no more names of its header read than can be valid', () => {
    const header = 'a,'.repeat(1_000_000);
    let read = 0;
    readCsvRecords(header, (names) => (read = names.length), 1_009);
    expect(read).toBe(1_010);
  });

  it('has no more tags read than it takes to reject them', () => {
    const [row] = readCsvRows(`sku,tags\nA,${'|'.repeat(100_000)}`);
    const [escaped] = readCsvRows(`sku,tags\nA,\\|${'|'.repeat(100_000)}`);
    for (const { value } of [row, escaped] as { value: { tags: string[] } }[])
      expect(value.tags).toHaveLength(51);
  });

  it('is read as csv-parse reads it, where that finds no fault', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', '""', '\r\n') });
    let same = 0;
    fc.assert(
      fc.property(cell, (text) => {
        const record_delimiter = text.includes('\n') ? ['\r\n', '\n'] : ['\r'];
        let expected: string[][];
        try {
          expected = parse(text, {
            record_delimiter,
            relax_column_count: true,
            skip_empty_lines: true,
          });
        } catch {
          return;
        }
        const width = expected[0]?.length;
        if (!width || expected.some(({ length }) => length !== width)) return;
        const { header, records } = readCsvRecords(text);
        const rows = records.map((record) => ('read' in record ? record.read() : [record.fault]));
        expect([header, ...rows]).toEqual(expected);
        same += 1;
      }),
      { numRuns: shareOf(5_000) },
    );
    expect(same).toBeGreaterThan(20);
  });
});

describe('an import', () => {
  it.each([
    ['JSON', readJsonRows, `[${Array(1_000).fill('1').join()}]`],
    ['NDJSON', readNdjsonRows, '1\n'.repeat(1_000)],
  ])('ends at its deadline while it reads %s', async (_, read, text) => {
    const controller = new AbortController();
    const reading = read(text, controller.signal);
    controller.abort(new Error('The time is over'));
    await expect(reading).rejects.toThrow('The time is over');
  });

  it('lets timers run when it has worked for a while', async () => {
    const pause = breather(signal);
    let hasRun = false;
    setImmediate(() => {
      hasRun = true;
    });
    for (let pauses = 0; !hasRun; pauses++) {
      await pause();
      // Far more than fit into the time after which timers must have run.
      if (pauses > 100_000_000) throw new Error('No timer has run');
    }
  });

  it('ends at its deadline, also where every row fails and no query is made', async () => {
    const controller = new AbortController();
    const store = await openStore();
    const caller = { stores: [store] };
    const access = { caller, signal: controller.signal };
    using catalog = await openCatalog(store, 'write', access);
    const rows = Array.from({ length: 1_000 }, (_, n) => ({ line: n + 1, fault: 'is bad' }));
    const importing = importRows(catalog, rows);
    controller.abort(new Error('The time is over'));
    await expect(importing).rejects.toThrow('The time is over');
  });

  it('has the fingerprint of all of its rows, though they are hashed one at a time', async () => {
    const text = `sku,stock,attributes.a\n${'A,,\nB,5,x\nC\n'.repeat(200)}`;
    const headers = { 'idempotency-key': 'k' };
    for (const body of [readCsvRows(text), await readJsonRows('[{"sku":"A"},1]', signal), []]) {
      const request = { caller: { subject: 'me' }, url: '/products/import', headers, body };
      expect(await idempotencyKeyOfRows(request, signal)).toEqual(idempotencyKeyOf(request));
    }
  });
});
