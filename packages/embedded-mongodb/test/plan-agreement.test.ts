import { expect, test } from '@jest/globals';
import { BSON } from 'bson';
import { readExact } from '../src/bson/read.ts';
import type { View } from '../src/bson/values.ts';
import { MongoCommandError } from '../src/errors.ts';
import { compileFilter } from '../src/query/filter.ts';
import { select } from '../src/query/select.ts';
import type { Collection } from '../src/storage/collection.ts';
import { StoredDocument } from '../src/storage/document.ts';
import { Store } from '../src/storage/store.ts';
import { Transaction } from '../src/storage/transaction.ts';
import { RandomNumbers } from './random-numbers.ts';

const random = new RandomNumbers(1);
const scalars = [0, 1, 2, 1.5, -1, null, 'a', 'ab', 'b', '', true, new Date(-5), new Date(5)];
const paths = ['a', 'b', 'a.x', 'b.x', 'b.y', 'c', '_id'];
const scalar = () => random.pick<unknown>([...scalars, { x: 1 }]);
const direction = () => random.pick([1, -1]);

function several<T>(most: number, make: () => T): T[] {
  return Array.from({ length: random.below(most + 1) }, make);
}

function value(): unknown {
  const kinds = [
    scalar,
    () => several(3, scalar),
    () => ({ x: scalar(), y: scalar() }),
    () => several(2, () => ({ x: scalar(), y: scalar() })),
    () => several(2, () => random.pick([scalar(), [scalar()]])),
  ];
  return random.pick(kinds)();
}

function document(_id: number): StoredDocument {
  const fields = Object.fromEntries(several(3, () => [random.pick(['a', 'b']), value()]));
  return new StoredDocument(Buffer.from(BSON.serialize({ _id, ...fields, c: scalar() })));
}

function condition(): unknown {
  return random.pick<() => unknown>([
    scalar,
    () => ({ $in: several(3, scalar) }),
    () => ({ $gt: scalar() }),
    () => ({ $gte: scalar(), $lt: scalar() }),
    () => random.pick([/^a/, /^ab?/, /^b|a/]),
    () => ({ $exists: random.below(2) === 1 }),
    () => ({ $elemMatch: { $gt: scalar(), $lte: scalar() } }),
    () => ({ $elemMatch: { x: scalar(), y: { $gte: 0 } } }),
    () => ({ $all: [scalar(), scalar()] }),
    () => ({ $ne: scalar() }),
    () => several(2, scalar),
  ])();
}

function filter(depth = 0): View {
  const conditions = [0, 1].map((): [string, unknown] => {
    const kind = depth > 1 ? 0 : random.below(6);
    if (kind === 4) return ['$or', [filter(depth + 1), filter(depth + 1)]];
    if (kind === 5) return ['$and', [filter(depth + 1), filter(depth + 1)]];
    return [random.pick(paths), condition()];
  });
  return Object.fromEntries(conditions);
}

function index(name: string): object {
  const key = Object.fromEntries([0, 1, 2].map(() => [random.pick(paths), direction()]));
  const options = [
    {},
    {},
    { sparse: true },
    { partialFilterExpression: { c: { $gte: 1 } } },
    { partialFilterExpression: { a: { $exists: true } } },
  ];
  return { v: 2, key, name, ...random.pick(options) };
}

/** Does it, unless it cannot be done to this document. */
function attempt(change: () => void): void {
  try {
    change();
  } catch (error) {
    const expected = error instanceof MongoCommandError && [112, 171, 11000].includes(error.code);
    if (!expected) throw error;
  }
}

function changeAtRandom(collection: Collection): void {
  const next = document(random.below(30));
  const now = collection.get(next.idKey);
  attempt(() => {
    if (!now) collection.insert(next);
    else if (random.below(3) > 0) collection.replace(now, next);
    else collection.remove(now);
  });
}

test.each(['stored', 'seen by a transaction'])(
  'documents that are %s are found by an index as by a scan',
  (where) => {
    for (let round = 0; round < 40; round++) {
      const store = new Store(compileFilter);
      const stored = store.open('shop', 'things');
      for (const name of ['one', 'two', 'three']) {
        stored.addIndex(readExact(Buffer.from(BSON.serialize(index(name)))));
      }
      for (let id = 0; id < 30; id++) attempt(() => stored.insert(document(id)));
      let collection: Collection = stored;
      if (where !== 'stored') collection = new Transaction(store).open('shop', 'things');
      for (let n = 0; n < 15; n++) {
        changeAtRandom(random.pick([stored, collection]));
        store.changes.settle();
      }
      for (let n = 0; n < 30; n++) {
        const sort = { [random.pick(paths)]: direction(), _id: direction() };
        const selection = { filter: filter(), sort, limit: random.pick([0, 3, 7]) };
        const found = (hint?: object) =>
          Array.from(select(collection, { ...selection, hint }), ({ idKey }) => idKey);
        expect([selection, found()]).toEqual([selection, found({ $natural: 1 })]);
      }
    }
  },
);
