import {
  appendFileSync,
  closeSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { write } from '../src/bson/write.ts';
import { compact } from '../src/data-folder/compact.ts';
import { signature } from '../src/data-folder/file-format.ts';
import { FileJournal } from '../src/data-folder/journal.ts';
import { compileFilter } from '../src/query/filter.ts';
import { StoredDocument } from '../src/storage/document.ts';
import { Store } from '../src/storage/store.ts';
import { Transaction } from '../src/storage/transaction.ts';
import { openStore, withFolders } from './with-folders.ts';

const newFolder = withFolders();
const warnings: string[] = [];

beforeEach(() => {
  warnings.length = 0;
  jest.spyOn(console, 'warn').mockImplementation((line: string) => void warnings.push(line));
});
afterEach(() => void jest.restoreAllMocks());

function insert(store: Store, ...ids: number[]): void {
  const things = store.open('shop', 'things');
  for (const _id of ids) things.insert(new StoredDocument(write({ _id, text: `thing ${_id}` })));
  store.changes.settle();
}

const idsIn = (store: Store): unknown[] =>
  [...(store.find('shop', 'things')?.documents() ?? [])].map(({ view }) => view._id);

/** Creates a data file with three records, and returns the offsets at which they begin and the last one ends. */
function threeRecords(): { folder: string; path: string; offsets: number[] } {
  const folder = newFolder();
  const path = join(folder, 'data.log');
  const opened = openStore(folder);
  const offsets = [statSync(path).size];
  for (const _id of [1, 2, 3]) {
    insert(opened.store, _id);
    offsets.push(statSync(path).size);
  }
  opened.close();
  return { folder, path, offsets };
}

describe('a data file', () => {
  test('is read up to a record whose end is missing, which is removed with one line', () => {
    const { folder, path, offsets } = threeRecords();
    const bytes = readFileSync(path);
    const [, , last = 0, end = 0] = offsets;
    for (const size of [last + 1, last + 4, last + 11, last + 12, last + 13, end - 1]) {
      writeFileSync(path, bytes.subarray(0, size));
      const opened = openStore(folder);
      expect(idsIn(opened.store)).toEqual([1, 2]);
      const line = `embedded-mongodb: ${path} ended with an incomplete record at offset ${last}, which was removed (${size - last} bytes). Its write was never acknowledged.`;
      expect(warnings.splice(0)).toEqual([line]);
      insert(opened.store, 4);
      opened.close();
      const again = openStore(folder);
      expect(idsIn(again.store)).toEqual([1, 2, 4]);
      again.close();
    }
    expect(warnings).toEqual([]);
  });

  test('contains a transaction as a whole, or not at all', () => {
    const { folder, path } = threeRecords();
    const opened = openStore(folder);
    const transaction = new Transaction(opened.store);
    for (const name of ['things', 'others']) {
      const document = new StoredDocument(write({ _id: 4 }));
      transaction.open('shop', name).insert(document);
    }
    transaction.commit();
    opened.close();
    const bytes = readFileSync(path);
    for (const [size, ids, others] of [
      [bytes.length, [1, 2, 3, 4], 1],
      [bytes.length - 1, [1, 2, 3], undefined],
    ] as const) {
      writeFileSync(path, bytes.subarray(0, size));
      const again = openStore(folder);
      expect(idsIn(again.store)).toEqual(ids);
      expect(again.store.find('shop', 'others')?.size).toBe(others);
      again.close();
    }
    expect(warnings).toHaveLength(1);
  });

  test('is refused, with the offset of the record, if any of its bytes has changed', () => {
    const { folder, path, offsets } = threeRecords();
    const bytes = readFileSync(path);
    // In steps, which meet every part of a record.
    for (let at = 0; at < bytes.length; at += 7) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      writeFileSync(path, damaged);
      const record = offsets.findLast((offset) => offset <= at);
      const message =
        at < signature.length
          ? `${path} is not a data file that this version can read`
          : `${path} is damaged: the record at offset ${record} does not match its checksum. Restore the file from a copy, or cut it at this offset to keep what precedes it.`;
      expect(() => openStore(folder)).toThrow(
        expect.objectContaining({ name: 'DataFolderError', message }),
      );
      // The file is unchanged, so that it can be repaired.
      expect(readFileSync(path).equals(damaged)).toBe(true);
    }
  });

  test('contains each document once after a start', () => {
    const folder = newFolder();
    const path = join(folder, 'data.log');
    const opened = openStore(folder);
    insert(opened.store, 1, 2);
    const small = statSync(path).size;
    const things = opened.store.open('shop', 'things');
    for (let n = 0; n < 500; n++) {
      const [old] = things.documents();
      if (old) things.replace(old, new StoredDocument(write({ _id: 1, text: `version ${n}` })));
      opened.store.changes.settle();
    }
    expect(statSync(path).size).toBeGreaterThan(small * 20);
    opened.close();
    const again = openStore(folder);
    expect(statSync(path).size).toBeLessThan(small * 1.2);
    expect([...again.store.open('shop', 'things').documents()].map(({ view }) => view)).toEqual([
      { _id: 1, text: 'version 499' },
      { _id: 2, text: 'thing 2' },
    ]);
    again.close();
  });

  test('contains a write that failed as soon as the next one succeeds', () => {
    const folder = newFolder();
    const path = join(folder, 'data.log');
    const store = new Store(compileFilter);
    const { file, size, ids } = compact(path, store, undefined);
    store.changes.journal = new FileJournal(store, file, size, ids);
    insert(store, 1);
    closeSync(file);
    expect(() => insert(store, 2)).toThrow(expect.objectContaining({ code: 14031 }));
    // As a write leaves it that was interrupted because the disk was full.
    appendFileSync(path, Buffer.alloc(1000, 1));
    expect(() => insert(store, 3)).toThrow(/^Cannot write to the data folder: EBADF/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    // The lowest free number: that of the file that was closed.
    expect(openSync(path, 'r+')).toBe(file);
    insert(store, 4);
    closeSync(file);
    const opened = openStore(folder);
    expect(idsIn(opened.store)).toEqual([1, 2, 3, 4]);
    opened.close();
  });
});
