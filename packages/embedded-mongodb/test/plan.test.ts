import { beforeEach, describe, expect, test } from '@jest/globals';
import { type Document, ObjectId, type Sort } from 'mongodb';
import { withServer } from './with-server.ts';

const fixture = withServer();
const { collection } = fixture;

/** What a query reads, and by which index. */
async function explain(filter: Document, sort?: Sort, limit = 0): Promise<Document> {
  let find = collection().find(filter).limit(limit);
  if (sort) find = find.sort(sort);
  const { executionStats, queryPlanner } = await find.explain('executionStats');
  return { ...executionStats, plan: JSON.stringify(queryPlanner.winningPlan) };
}

/** Asks the same of the collection without its indexes. */
async function expectAsScanned(filter: Document, sort: Sort = { _id: 1 }): Promise<Document[]> {
  const ids = () => collection().find(filter).sort(sort).project({ _id: 1 });
  const [asked, scanned] = [await ids().toArray(), await ids().hint({ $natural: 1 }).toArray()];
  expect([filter, asked]).toEqual([filter, scanned]);
  return asked;
}

const day = (n: number) => new Date(Date.UTC(2024, 0, 1) + n * 86_400_000);

describe('a query over thousands of documents', () => {
  const ids = Array.from({ length: 3000 }, () => new ObjectId());

  beforeEach(async () => {
    await collection().createIndexes([
      { key: { sku: 1 }, unique: true },
      { key: { createdAt: 1, _id: 1 } },
      { key: { category: 1, price: -1 } },
      { key: { tags: 1 } },
    ]);
    await collection().insertMany(
      ids.map((_id, n) => ({
        _id,
        sku: `S${String(n).padStart(5, '0')}`,
        createdAt: day(n >> 2),
        category: `c${n % 10}`,
        price: n % 97,
        tags: [`t${n % 50}`, `u${n % 7}`, `t${(n + 1) % 50}`],
      })),
    );
  });

  test('reads one document for one key, and few for a range or a list', async () => {
    const one = { sku: 'S00077' };
    expect(await explain(one)).toMatchObject({ totalKeysExamined: 1, totalDocsExamined: 1 });
    const range = { sku: { $gt: 'S00100', $lte: 'S00110' } };
    expect(await explain(range)).toMatchObject({ nReturned: 10, totalKeysExamined: 10 });
    const list = { sku: { $in: ['S00001', 'S00002', 'no', 'S00001'] } };
    expect(await explain(list)).toMatchObject({ nReturned: 2, totalKeysExamined: 2 });
    const prefix = { sku: /^S0012/ };
    expect(await explain(prefix)).toMatchObject({ nReturned: 10, totalKeysExamined: 10 });
    const both = { category: 'c3', price: { $gte: 95 } };
    const { nReturned, totalKeysExamined } = await explain(both);
    expect(totalKeysExamined).toBe(nReturned);
    const branches = { $or: [{ sku: 'S00001' }, { category: 'c3', price: 3 }] };
    expect((await explain(branches)).totalDocsExamined).toBeLessThan(50);
    for (const filter of [one, range, list, prefix, both, branches]) await expectAsScanned(filter);
  });

  test('reads no more than it returns where the index has the order, in both directions', async () => {
    for (const sort of [
      { createdAt: 1, _id: 1 },
      { createdAt: -1, _id: -1 },
      { sku: -1 },
      { _id: -1 },
    ] as Sort[]) {
      expect(await explain({}, sort, 20)).toMatchObject({ totalDocsExamined: 20 });
      await expectAsScanned({}, sort);
    }
    const cheapest = { category: 'c4' };
    expect(await explain(cheapest, { price: 1 }, 5)).toMatchObject({ totalDocsExamined: 5 });
    const several = { category: { $in: ['c1', 'c2', 'c3'] } };
    expect(await explain(several, { price: -1 }, 5)).toMatchObject({ totalDocsExamined: 5 });
    const prices = async (filter: Document, sort: Sort) =>
      (await collection().find(filter).sort(sort).toArray()).map(({ price }) => price);
    const merged = await prices(several, { price: -1 });
    expect(merged).toEqual([...merged].sort((a, b) => b - a));
    expect(merged).toHaveLength(900);
  });

  test('that goes on behind a page reads that page only', async () => {
    const sort = { createdAt: 1, _id: 1 } as const;
    const first = await collection().find().sort(sort).limit(1502).toArray();
    const last: Document = first.at(-1) ?? {};
    const [date, id] = [last.createdAt, last._id];
    const after = { $or: [{ createdAt: { $gt: date } }, { createdAt: date, _id: { $gt: id } }] };
    const paged = { $and: [{ createdAt: { $gte: date } }, after] };
    for (const filter of [paged, after]) {
      expect((await explain(filter, sort, 21)).totalDocsExamined).toBeLessThan(30);
      const next = await collection().find(filter).sort(sort).limit(21).toArray();
      expect(next.map(({ _id }) => _id)).toEqual(ids.slice(1502, 1523));
    }
  });

  test('gives each document once, however many of its elements match', async () => {
    const range = { tags: { $gte: 't', $lt: 'v' } };
    expect(await expectAsScanned(range)).toHaveLength(3000);
    const element = { tags: { $elemMatch: { $gte: 't10', $lt: 't11' } } };
    const { totalDocsExamined, nReturned } = await explain(element);
    expect(totalDocsExamined).toBe(nReturned);
    await expectAsScanned(element);
    await expectAsScanned({ tags: { $gt: 't48', $lt: 't1' } });
    await expectAsScanned({ tags: { $all: ['t3', 'u1'] } });
    await expectAsScanned({ tags: /^t4/ });
    expect((await explain({ tags: { $elemMatch: { $regex: '^t4' } } })).plan).toContain('tags_1');
  });

  test('sorts only the few that it needs where no index has the order', async () => {
    const sort = { category: 1, sku: -1 } as const;
    const all = await collection().find().sort(sort).toArray();
    const some = await collection().find().sort(sort).skip(3).limit(7).toArray();
    expect(some).toEqual(all.slice(3, 10));
  });

  test('uses the index that it is told to, if there is one', async () => {
    const hinted = await collection()
      .find({ sku: 'S00001' })
      .hint({ createdAt: 1, _id: 1 })
      .explain('executionStats');
    expect(hinted.executionStats).toMatchObject({ nReturned: 1, totalKeysExamined: 3000 });
    await collection().findOne({}, { hint: 'tags_1' });
    await expect(collection().findOne({}, { hint: 'none' })).rejects.toMatchObject({ code: 2 });
    await expect(
      collection().updateOne({}, { $set: { a: 1 } }, { hint: { none: 1 } }),
    ).rejects.toMatchObject({ code: 2 });
  });
});

describe('an index on paths through one array', () => {
  test('keeps the values of an element together', async () => {
    await collection().createIndex({ 'items.sku': 1, 'items.n': 1 }, { unique: true });
    await collection().insertMany([
      {
        _id: 1 as never,
        items: [
          { sku: 'A', n: 1 },
          { sku: 'B', n: 2 },
        ],
      },
      {
        _id: 2 as never,
        items: [
          { sku: 'A', n: 2 },
          { sku: 'B', n: 1 },
        ],
      },
      { _id: 3 as never, items: { sku: 'C', n: 1 } },
    ]);
    await expect(collection().insertOne({ items: [{ sku: 'B', n: 2 }] })).rejects.toMatchObject({
      code: 11000,
      keyValue: { 'items.sku': 'B', 'items.n': 2 },
    });
    // One element has the one value and another the other: both documents match.
    expect(await expectAsScanned({ 'items.sku': 'A', 'items.n': 1 })).toHaveLength(2);
    const together = { items: { $elemMatch: { sku: 'A', n: 1 } } };
    expect(await expectAsScanned(together)).toMatchObject([{ _id: 1 }]);
    expect(await explain(together)).toMatchObject({ totalKeysExamined: 1 });
  });

  test('cannot be on two arrays', async () => {
    await collection().createIndex({ a: 1, b: 1 });
    await collection().insertOne({ a: [1, 2], b: 3 });
    await expect(collection().insertOne({ a: [1], b: [2] })).rejects.toMatchObject({ code: 171 });
  });
});

describe('an index that leaves documents out', () => {
  test('is not used for what it does not have', async () => {
    await collection().createIndex({ a: 1 }, { sparse: true });
    await collection().createIndex({ b: 1 }, { partialFilterExpression: { n: { $gt: 10 } } });
    await collection().insertMany([
      { a: 1, b: 1, n: 1 },
      { b: 1, n: 20 },
      { a: null, b: 2, n: 30 },
      { b: 3 },
    ]);
    for (const filter of [{ a: null }, { a: { $exists: false } }, { a: { $exists: true } }, {}]) {
      await expectAsScanned(filter);
      await expectAsScanned(filter, { a: 1, _id: 1 });
    }
    expect((await explain({ b: 1 })).plan).not.toContain('b_1');
    expect((await explain({ b: 1, n: { $gte: 5 } })).plan).not.toContain('b_1');
    expect((await explain({ b: 1, n: { $gte: 15, $lt: 40 } })).plan).toContain('b_1');
    expect(await expectAsScanned({ b: { $gte: 1 }, n: 20 })).toHaveLength(1);
    expect((await explain({ a: { $gt: 0 } })).plan).toContain('a_1');
  });
});

describe('createIndexes', () => {
  test('rejects an invalid index', async () => {
    const create = (key: object, options: object = {}) =>
      collection().db.command({
        createIndexes: 'things',
        indexes: [{ key, name: 'made', ...options }],
      });
    for (const [key, options] of [
      [{}],
      [{ a: 0 }],
      [{ a: 'nothing' }],
      [{ a: true }],
      [{ '': 1 }],
      [{ a: 1 }, { name: '' }],
      [{ a: 1 }, { expireAfterSeconds: -1 }],
      [{ a: 1, b: 1 }, { expireAfterSeconds: 1 }],
      [{ a: 1 }, { sparse: true, partialFilterExpression: { a: 1 } }],
      [{ a: 1 }, { partialFilterExpression: { a: { $ne: 1 } } }],
    ] as [object, object?][]) {
      await expect(create(key, options)).rejects.toMatchObject({ code: 67 });
    }
    await expect(create({ a: 1 }, { unheardOf: 1 })).rejects.toMatchObject({ code: 197 });
    expect(await create({ a: 1 })).toMatchObject({ numIndexesBefore: 1, numIndexesAfter: 2 });
    expect(await create({ a: 1 })).toMatchObject({ note: 'all indexes already exist' });
  });
});

describe('dropIndexes', () => {
  test('takes a name, a key, a list of names, or all', async () => {
    const { db } = collection();
    const drop = (index: unknown) => db.command({ dropIndexes: 'things', index });
    await collection().createIndexes([
      { key: { a: 1 } },
      { key: { b: 1 } },
      { key: { c: 1 } },
      { key: { d: 1 } },
      { key: { e: 1 } },
    ]);
    expect(await drop('a_1')).toMatchObject({ nIndexesWas: 6 });
    await drop({ b: 1 });
    await drop(['c_1', 'd_1']);
    await expect(drop('a_1')).rejects.toMatchObject({ code: 27 });
    await expect(drop({ z: 1 })).rejects.toMatchObject({ code: 27 });
    await expect(drop(['e_1', 'none'])).rejects.toMatchObject({ code: 27 });
    await expect(drop('_id_')).rejects.toMatchObject({ code: 72 });
    expect(await collection().indexes()).toHaveLength(2);
    await drop('*');
    expect(await collection().indexes()).toHaveLength(1);
    await expect(db.command({ dropIndexes: 'none', index: 'a' })).rejects.toMatchObject({
      code: 26,
    });
  });
});
