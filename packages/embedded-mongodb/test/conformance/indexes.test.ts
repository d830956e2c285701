import { describe, expect, test } from '@jest/globals';
import type * as mongo from 'mongodb';
import { conformance } from './support.ts';

const suite = conformance();
type Spec = mongo.IndexSpecification;

describe('a unique index', () => {
  const taken: [
    title: string,
    spec: Spec,
    options: object,
    documents: object[],
    next: object,
    keyValue?: object,
  ][] = [
    ['of a field', { a: 1 }, {}, [{ a: 1 }], { a: 1 }, { a: 1 }],
    ['of a path', { 'a.b': 1 }, {}, [{ a: { b: 'x' } }], { a: { b: 'x' } }, { 'a.b': 'x' }],
    ['of two fields', { a: 1, b: -1 }, {}, [{ a: 1, b: 1 }], { a: 1, b: 1 }, { a: 1, b: 1 }],
    ['of a field that is missing twice', { a: 1 }, {}, [{}], { b: 1 }],
    ['of null and nothing', { a: 1 }, {}, [{ a: null }], {}],
    ['over elements', { a: 1 }, {}, [{ a: [1, 2] }], { a: 2 }],
    ['over types of numbers', { a: 1 }, {}, [{ a: 1 }], { a: 1.0 }],
    ['that is sparse, where there is a value', { a: 1 }, { sparse: true }, [{ a: 1 }], { a: 1 }],
    [
      'that is partial, where it holds',
      { a: 1 },
      { partialFilterExpression: { b: { $gt: 5 } } },
      [{ a: 1, b: 6 }],
      { a: 1, b: 7 },
    ],
    ['of documents', { a: 1 }, {}, [{ a: { x: 1, y: 2 } }], { a: { x: 1, y: 2 } }],
  ];
  for (const [title, spec, options, documents, next, keyValue] of taken) {
    test(`${title} refuses a second one`, async () => {
      const things = await suite.seeded(...documents);
      await things.createIndex(spec, { unique: true, ...options });
      const error = await things.insertOne({ ...next }).catch((e: mongo.MongoServerError) => e);
      expect(error).toMatchObject({ code: 11000, keyPattern: spec, ...(keyValue && { keyValue }) });
      expect(await things.countDocuments()).toBe(documents.length);
    });
  }

  const free: [title: string, spec: Spec, options: object, documents: object[], next: object][] = [
    ['of two fields, where one differs', { a: 1, b: 1 }, {}, [{ a: 1, b: 1 }], { a: 1, b: 2 }],
    ['that is sparse, where there is none', { a: 1 }, { sparse: true }, [{}], { b: 1 }],
    [
      'that is partial, where it does not hold',
      { a: 1 },
      { partialFilterExpression: { b: { $gt: 5 } } },
      [{ a: 1, b: 6 }],
      { a: 1, b: 1 },
    ],
    ['within one array', { a: 1 }, {}, [{}], { a: [1, 1] }],
    ['of documents in another order', { a: 1 }, {}, [{ a: { x: 1, y: 2 } }], { a: { y: 2, x: 1 } }],
  ];
  for (const [title, spec, options, documents, next] of free) {
    test(`${title} lets a second one in`, async () => {
      const things = await suite.seeded(...documents);
      await things.createIndex(spec, { unique: true, ...options });
      await things.insertOne({ ...next });
      expect(await things.countDocuments()).toBe(documents.length + 1);
    });
  }

  test('refuses an update into a taken key', async () => {
    const things = await suite.seeded({ a: 1 }, { a: 2 });
    await things.createIndex({ a: 1 }, { unique: true });
    await expect(things.updateOne({ a: 2 }, { $set: { a: 1 } })).rejects.toMatchObject({
      code: 11000,
    });
    await expect(things.findOneAndUpdate({ a: 2 }, { $set: { a: 1 } })).rejects.toMatchObject({
      code: 11000,
    });
    await expect(
      things.updateOne({ a: 9 }, { $set: { a: 1 } }, { upsert: true }),
    ).rejects.toMatchObject({ code: 11000 });
    expect(await things.countDocuments({ a: 2 })).toBe(1);
  });

  test('is not built over duplicates', async () => {
    const things = await suite.seeded({ a: 1 }, { a: 1 });
    await expect(things.createIndex({ a: 1 }, { unique: true })).rejects.toMatchObject({
      code: 11000,
    });
    expect(await things.indexes()).toHaveLength(1);
  });

  test('frees a key that is deleted or changed', async () => {
    const things = await suite.seeded({ a: 1 }, { a: 2 });
    await things.createIndex({ a: 1 }, { unique: true });
    await things.deleteOne({ a: 1 });
    await things.updateOne({ a: 2 }, { $set: { a: 3 } });
    await things.insertMany([{ a: 1 }, { a: 2 }]);
    expect(await things.countDocuments()).toBe(3);
  });
});

describe('indexes', () => {
  test('are listed with their names, keys and options', async () => {
    const things = await suite.seeded({});
    await things.createIndexes([
      { key: { a: 1, b: -1 } },
      { key: { c: 1 }, name: 'mine', unique: true },
    ]);
    const found = await things.indexes();
    expect(found).toEqual([
      expect.objectContaining({ v: 2, key: { _id: 1 }, name: '_id_' }),
      expect.objectContaining({ key: { a: 1, b: -1 }, name: 'a_1_b_-1' }),
      expect.objectContaining({ key: { c: 1 }, name: 'mine', unique: true }),
    ]);
  });

  test('that are there already stay one', async () => {
    const things = await suite.seeded({});
    expect(await things.createIndex({ a: 1 })).toBe('a_1');
    expect(await things.createIndex({ a: 1 })).toBe('a_1');
    expect(await things.indexes()).toHaveLength(2);
  });

  test('are dropped by name, and all at once', async () => {
    const things = await suite.seeded({});
    await things.createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }, { key: { c: 1 } }]);
    await things.dropIndex('a_1');
    expect(await things.indexExists('a_1')).toBe(false);
    await things.dropIndexes();
    expect(await things.indexes()).toHaveLength(1);
  });

  test('that are not there cannot be dropped', async () => {
    const things = await suite.seeded({});
    await expect(things.dropIndex('nope')).rejects.toMatchObject({
      code: 27,
      codeName: 'IndexNotFound',
    });
    await expect(things.dropIndex('_id_')).rejects.toMatchObject({ code: 72 });
  });

  test('of one name and two keys conflict', async () => {
    const things = await suite.seeded({});
    await things.createIndex({ a: 1 }, { name: 'x' });
    await expect(things.createIndex({ b: 1 }, { name: 'x' })).rejects.toMatchObject({ code: 86 });
  });

  test('of a collection that is not there', async () => {
    await expect(suite.collection().indexes()).rejects.toMatchObject({ code: 26 });
  });

  test.each<[title: string, spec: Spec, filter: object, ids: number[]]>([
    ['a range', { a: 1 }, { a: { $gt: 1, $lte: 3 } }, [1, 2]],
    ['a descending range', { a: -1 }, { a: { $gte: 2 } }, [1, 2, 3]],
    ['a prefix', { a: 1, b: 1 }, { a: 2 }, [1]],
    ['a list', { a: 1 }, { a: { $in: [1, 4, 'x'] } }, [0, 3, 4]],
    ['a type', { a: 1 }, { a: { $lt: 'z' } }, [4]],
    ['a text that begins so', { a: 1 }, { a: /^x/ }, [4]],
    ['null', { b: 1 }, { b: null }, [3, 4]],
    ['an or', { a: 1 }, { $or: [{ a: 1 }, { a: 'x' }] }, [0, 4]],
    ['elements', { t: 1 }, { t: 'p' }, [0, 1]],
    ['elements in a range together', { t: 1 }, { t: { $gt: 'p', $lt: 'r' } }, [0, 2]],
  ])('answer %s as a scan does', async (_title, spec, filter, ids) => {
    const things = await suite.seeded(
      { a: 1, b: 5, t: ['p', 'q'] },
      { a: 2, b: 4, t: ['p'] },
      { a: 3, b: 3, t: ['a', 'z', 'q'] },
      { a: 4 },
      { a: 'x', b: null },
    );
    const search = async () =>
      (await things.find(filter).sort({ _id: 1 }).toArray()).map(({ _id }) => Number(_id));
    const scanned = await search();
    await things.createIndex(spec);
    expect(await search()).toEqual(scanned);
    expect(scanned).toEqual(ids);
  });

  test('with a time to live are kept as such', async () => {
    const things = await suite.seeded({});
    await things.createIndex({ at: 1 }, { expireAfterSeconds: 3600 });
    expect(await things.indexes()).toContainEqual(
      expect.objectContaining({ name: 'at_1', expireAfterSeconds: 3600 }),
    );
  });

  test('may be named as a hint', async () => {
    const things = await suite.seeded({ a: 1 }, { a: 2 });
    await things.createIndex({ a: 1 });
    expect(await things.find({ a: 2 }).hint('a_1').toArray()).toHaveLength(1);
    expect(await things.find({ a: 2 }).hint({ a: 1 }).toArray()).toHaveLength(1);
    await expect(things.find({ a: 2 }).hint('nope').toArray()).rejects.toMatchObject({ code: 2 });
  });
});
