import { expect, test } from '@jest/globals';
import { BSON } from 'bson';
import { readExact } from '../src/bson/read.ts';
import { MongoCommandError } from '../src/errors.ts';
import { compileFilter } from '../src/query/filter.ts';
import { select } from '../src/query/select.ts';
import type { Collection } from '../src/storage/collection.ts';
import { StoredDocument } from '../src/storage/document.ts';
import { Store } from '../src/storage/store.ts';
import { Transaction } from '../src/storage/transaction.ts';
import { RandomNumbers } from './random-numbers.ts';

const random = new RandomNumbers(7);

/** What a collection holds, by `_id`: each value is in it once, for it has a unique index. */
type Contents = Map<number, number>;

/** An open transaction, and a model of what it has to see. */
interface Open {
  readonly transaction: Transaction;
  readonly seen: Contents;
  readonly written: Map<number, number | undefined>;
}

function stored(_id: number, u: number): StoredDocument {
  return new StoredDocument(Buffer.from(BSON.serialize({ _id, u })));
}

function sortedByValue(contents: Contents): number[] {
  return [...contents].sort(([, a], [, b]) => a - b).map(([id]) => id);
}

function idsByIndex(collection: Collection): number[] {
  const found = select(collection, { filter: {}, sort: { u: 1 } });
  return Array.from(found, (document) => Number(document.exact().get('_id')));
}

/** Writes at random into a collection and its model; true if that was refused. */
function isRefused(collection: Collection, model: Contents, open?: Open): boolean {
  const [id, value] = [random.below(12), random.below(14)];
  const next = stored(id, value);
  const now = collection.get(next.idKey);
  const removes = now !== undefined && random.below(3) === 0;
  try {
    if (removes) collection.remove(now);
    else if (now) collection.replace(now, next);
    else collection.insert(next);
  } catch (error) {
    if (!(error instanceof MongoCommandError)) throw error;
    const isTaken = [...model].some(([owner, taken]) => taken === value && owner !== id);
    expect(error.code === 112 || (error.code === 11000 && isTaken)).toBe(true);
    return true;
  }
  if (removes) model.delete(id);
  else model.set(id, value);
  open?.written.set(id, removes ? undefined : value);
  return false;
}

function end(open: Open, committed: Contents): void {
  if (random.below(3) === 0) {
    open.transaction.abort();
    return;
  }
  open.transaction.commit();
  for (const [id, value] of open.written) {
    if (value === undefined) committed.delete(id);
    else committed.set(id, value);
  }
}

test('transactions at random see their snapshot and their own writes, and no commit is lost', () => {
  for (let round = 0; round < 30; round++) {
    const store = new Store(compileFilter);
    const collection = store.open('shop', 'things');
    const unique = { v: 2, key: { u: 1 }, name: 'u', unique: true };
    collection.addIndex(readExact(Buffer.from(BSON.serialize(unique))));
    const committed: Contents = new Map();
    let opened: Open[] = [];
    for (let step = 0; step < 150; step++) {
      const kind = random.below(10);
      const open = random.pick([undefined, ...opened]);
      if (kind === 0 && opened.length < 5) {
        const transaction = new Transaction(store);
        opened.push({ transaction, seen: new Map(committed), written: new Map() });
      } else if (open && kind === 1) {
        end(open, committed);
      } else if (open) {
        const seen = open.transaction.open('shop', 'things');
        if (isRefused(seen, open.seen, open)) open.transaction.abort();
      } else if (isRefused(collection, committed)) {
        store.changes.undo();
      }
      store.changes.settle();
      opened = opened.filter(({ transaction }) => transaction.isOpen);
      expect(idsByIndex(collection)).toEqual(sortedByValue(committed));
      for (const { transaction, seen } of opened) {
        expect(idsByIndex(transaction.open('shop', 'things'))).toEqual(sortedByValue(seen));
      }
    }
  }
});
