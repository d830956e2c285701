import { describe, expect, test } from '@jest/globals';
import { withServer } from './with-server.ts';

const { collection } = withServer();

describe('an index', () => {
  test('is listed as it was made', async () => {
    await collection().createIndex({ 'store.id': 1, sku: -1 }, { unique: true, name: 'by_store' });
    expect(await collection().listIndexes().toArray()).toEqual([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { 'store.id': 1, sku: -1 }, name: 'by_store', unique: true },
    ]);
    await collection().dropIndex('by_store');
    expect(await collection().indexes()).toHaveLength(1);
    await expect(collection().dropIndex('by_store')).rejects.toMatchObject({ code: 27 });
    await expect(collection('none').listIndexes().toArray()).rejects.toMatchObject({ code: 26 });
  });

  test('may be made twice, but not under another name or with other options', async () => {
    await collection().createIndex({ a: 1 });
    await collection().createIndex({ a: 1 });
    await expect(collection().createIndex({ a: 1 }, { name: 'x' })).rejects.toMatchObject({
      code: 85,
    });
    await expect(collection().createIndex({ a: 1 }, { unique: true })).rejects.toMatchObject({
      code: 86,
    });
    await expect(
      collection().createIndex({ a: 1 }, { expireAfterSeconds: 60 }),
    ).rejects.toMatchObject({ code: 85 });
    await expect(collection().createIndex({ b: 1 }, { name: 'a_1' })).rejects.toMatchObject({
      code: 86,
    });
  });

  test('that is unique cannot be made over duplicates', async () => {
    await collection().insertMany([{ a: 1 }, { a: 1 }]);
    await expect(collection().createIndex({ a: 1 }, { unique: true })).rejects.toMatchObject({
      code: 11000,
    });
    expect(await collection().indexes()).toHaveLength(1);
  });

  test('of several fields is unique in all of them together', async () => {
    await collection().createIndex({ a: 1, b: 1 }, { unique: true });
    await collection().insertMany([{ a: 1, b: 1 }, { a: 1, b: 2 }, { a: 1 }]);
    await expect(collection().insertOne({ a: 1, b: 2 })).rejects.toMatchObject({
      keyValue: { a: 1, b: 2 },
    });
    await expect(collection().insertOne({ a: 1 })).rejects.toMatchObject({
      keyValue: { a: 1, b: null },
    });
  });

  test('that is sparse lets documents without its field be many', async () => {
    await collection().createIndex({ a: 1 }, { unique: true, sparse: true });
    await collection().insertMany([{}, {}, { a: 1 }]);
    expect(await collection().countDocuments({ a: null })).toBe(2);
    await expect(collection().insertOne({ a: 1 })).rejects.toMatchObject({ code: 11000 });
  });

  test('that is partial binds only the documents that it covers', async () => {
    await collection().createIndex(
      { sku: 1 },
      { unique: true, partialFilterExpression: { status: 'active' } },
    );
    await collection().insertMany([
      { sku: 'A', status: 'draft' },
      { sku: 'A', status: 'draft' },
    ]);
    await collection().insertOne({ sku: 'A', status: 'active' });
    await expect(collection().insertOne({ sku: 'A', status: 'active' })).rejects.toMatchObject({
      code: 11000,
    });
    expect(await collection().countDocuments({ sku: 'A' })).toBe(3);
    expect(await collection().countDocuments({ sku: 'A', status: 'active' })).toBe(1);
  });

  test('on an array is unique across documents, and not within one', async () => {
    await collection().createIndex({ codes: 1 }, { unique: true });
    await collection().insertOne({ codes: ['a', 'b', 'a'] });
    await expect(collection().insertOne({ codes: ['c', 'b'] })).rejects.toMatchObject({
      keyValue: { codes: 'b' },
    });
  });

  test('follows updates and deletions', async () => {
    await collection().createIndex({ a: 1 }, { unique: true });
    await collection().insertMany([{ a: 1 }, { a: 2 }]);
    await collection().updateOne({ a: 1 }, { $set: { a: 3 } });
    await collection().deleteOne({ a: 2 });
    await collection().insertMany([{ a: 1 }, { a: 2 }]);
    expect(await collection().countDocuments({ a: { $in: [1, 2, 3] } })).toBe(3);
  });

  test('gives the same answers as a scan', async () => {
    const documents = Array.from({ length: 200 }, (_, n) => ({
      a: n % 7 === 0 ? null : n % 5,
      b: [n % 3, 'x'],
      c: { d: n % 2 },
    }));
    await collection('plain').insertMany(structuredClone(documents));
    await collection().insertMany(structuredClone(documents));
    await collection().createIndexes([
      { key: { a: 1, b: -1 } },
      { key: { b: 1 } },
      { key: { c: 1 } },
    ]);
    const filters = [
      { a: 1, b: 2 },
      { a: null, b: 'x' },
      { a: { $in: [1, 2, null] }, b: { $in: [0, 1] } },
      { b: [1, 'x'] },
      { b: 'x', a: 3 },
      { c: { d: 1 } },
      { $and: [{ a: 1 }, { b: { $eq: 1 } }] },
      { a: { $ne: 1 }, b: 0 },
    ];
    for (const filter of filters) {
      const indexed = await collection().countDocuments(filter as object);
      expect([filter, indexed]).toEqual([
        filter,
        await collection('plain').countDocuments(filter as object),
      ]);
    }
  });
});

describe('a collection', () => {
  test('is made, listed and dropped', async () => {
    const { dbName } = collection();
    const db = collection().db;
    await db.createCollection('a');
    await collection('b').insertOne({});
    const names = async () => (await db.listCollections().toArray()).map(({ name }) => name).sort();
    expect(await names()).toEqual(['a', 'b']);
    await collection('a').drop();
    expect(await names()).toEqual(['b']);
    await db.dropDatabase();
    expect(await names()).toEqual([]);
    expect(dbName).toBe('shop');
  });
});
