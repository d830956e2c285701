import { describe, expect, test } from '@jest/globals';
import { type Document, type MongoBulkWriteError, MongoServerError, ObjectId } from 'mongodb';
import { withServer } from './with-server.ts';

const { collection } = withServer();

async function refusal(promise: Promise<unknown>): Promise<MongoServerError> {
  const error = await promise.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MongoServerError);
  return error as MongoServerError;
}

describe('insert', () => {
  test('a document comes back as it went in', async () => {
    const document = { _id: new ObjectId(), a: { b: [1, 'two', null, { c: true }] } };
    await collection().insertOne(document);
    expect(await collection().findOne({})).toEqual(document);
  });

  test('a taken key of a unique index is refused, and named', async () => {
    await collection().createIndex({ sku: 1 }, { unique: true });
    await collection().insertOne({ sku: 'X' });
    const error = await refusal(collection().insertOne({ sku: 'X' }));
    expect(error.code).toBe(11000);
    expect(error.message).toContain(
      'E11000 duplicate key error collection: shop.things index: sku_1 dup key: { sku: "X" }',
    );
    expect(error.keyPattern).toEqual({ sku: 1 });
    expect(error.keyValue).toEqual({ sku: 'X' });
  });

  test('a taken _id is refused', async () => {
    await collection().insertOne({ _id: 1 as never });
    const error = await refusal(collection().insertOne({ _id: 1 as never }));
    expect(error.message).toContain('index: _id_ dup key: { _id: 1 }');
  });

  test('an ordered batch ends at its first error, an unordered one goes on', async () => {
    const batch = () => [{ _id: 1 }, { _id: 1 }, { _id: 2 }] as never[];
    for (const [ordered, count] of [
      [true, 1],
      [false, 2],
    ] as const) {
      await collection().deleteMany({});
      const error = (await refusal(
        collection().insertMany(batch(), { ordered }),
      )) as MongoBulkWriteError;
      expect(error.insertedCount).toBe(count);
      expect(await collection().countDocuments()).toBe(count);
    }
  });

  test('ten thousand documents are stored by one call', async () => {
    await collection().createIndex({ sku: 1 }, { unique: true });
    await collection().insertMany(Array.from({ length: 10_000 }, (_, n) => ({ sku: `S${n}` })));
    expect(await collection().countDocuments()).toBe(10_000);
  });

  test('an unacknowledged write is done all the same', async () => {
    await collection().insertOne({ a: 1 }, { writeConcern: { w: 0 } });
    await collection().insertOne({ a: 2 });
    expect(await collection().countDocuments({ a: { $in: [1, 2] } })).toBe(2);
  });
});

describe('update', () => {
  test('what matched and what changed are counted apart', async () => {
    await collection().insertMany([{ a: 1 }, { a: 2 }, { a: 2 }]);
    const result = await collection().updateMany({}, { $set: { a: 2 } });
    expect(result).toMatchObject({ matchedCount: 3, modifiedCount: 1, upsertedCount: 0 });
  });

  test('an upsert begins with the equalities of its query, and takes $setOnInsert', async () => {
    const upsert = () =>
      collection().updateOne(
        { sku: 'A', 'store.id': 's', $and: [{ kind: { $eq: 'k' } }], n: { $gt: 3 } },
        { $set: { x: 1 }, $setOnInsert: { first: true } },
        { upsert: true },
      );
    const { upsertedId } = await upsert();
    expect(await collection().findOne({})).toEqual({
      _id: upsertedId,
      sku: 'A',
      store: { id: 's' },
      kind: 'k',
      x: 1,
      first: true,
    });
  });

  test('a second upsert changes what the first made', async () => {
    const change = { $inc: { n: 1 }, $setOnInsert: { born: 1 } };
    await collection().updateOne({ sku: 'A' }, change, { upsert: true });
    const second = await collection().updateOne({ sku: 'A' }, change, { upsert: true });
    expect(second).toMatchObject({ matchedCount: 1, modifiedCount: 1, upsertedId: null });
    expect(await collection().findOne({}, { projection: { _id: 0 } })).toEqual({
      sku: 'A',
      n: 2,
      born: 1,
    });
  });

  test('a replaced document keeps its _id', async () => {
    const { insertedId } = await collection().insertOne({ a: 1, b: 2 });
    await collection().replaceOne({ a: 1 }, { c: 3 });
    expect(await collection().findOne({})).toEqual({ _id: insertedId, c: 3 });
  });

  test('an _id cannot be changed', async () => {
    await collection().insertOne({ _id: 1 as never, a: 1 });
    const replaced = collection().replaceOne({ a: 1 }, { _id: 2 as never, a: 1 });
    expect((await refusal(replaced)).code).toBe(66);
    const set = collection().updateOne({ a: 1 }, { $set: { _id: 2 as never } });
    expect((await refusal(set)).code).toBe(66);
    expect(await collection().findOne({})).toEqual({ _id: 1, a: 1 });
  });

  test('every update operator does what MongoDB says', async () => {
    await collection().insertOne({
      n: 5,
      low: 5,
      high: 5,
      old: 'name',
      gone: 1,
      bits: 12,
      list: [1, 2, 3],
      set: ['a'],
      stack: [1, 2, 3],
      pulled: [1, 5, 9, 5],
      rows: [{ k: 1 }, { k: 2 }],
    });
    const change: Document = {
      $inc: { n: 2, made: 1 },
      $mul: { product: 3 },
      $min: { low: 3 },
      $max: { high: 3 },
      $rename: { old: 'new' },
      $unset: { gone: '' },
      $bit: { bits: { and: 10 } },
      $push: { list: { $each: [9, 0], $sort: -1, $slice: 4 } },
      $addToSet: { set: { $each: ['a', 'b'] } },
      $pop: { stack: 1 },
      $pull: { pulled: { $gte: 5 }, rows: { k: 1 } },
      $set: { 'deep.er': 1 },
      $currentDate: { at: true },
    };
    await collection().updateOne({}, change);
    expect(await collection().findOne({}, { projection: { _id: 0 } })).toEqual({
      n: 7,
      made: 1,
      product: 0,
      low: 3,
      high: 5,
      new: 'name',
      bits: 8,
      list: [9, 3, 2, 1],
      set: ['a', 'b'],
      stack: [1, 2],
      pulled: [1],
      rows: [{ k: 2 }],
      deep: { er: 1 },
      at: expect.any(Date),
    });
  });

  test('elements are addressed by match, by filter and all together', async () => {
    await collection().insertOne({ rows: [{ k: 1 }, { k: 2 }, { k: 3 }] });
    await collection().updateOne({ 'rows.k': 2 }, { $set: { 'rows.$.hit': true } });
    await collection().updateOne(
      {},
      { $set: { 'rows.$[big].big': true }, $inc: { 'rows.$[].n': 1 } },
      { arrayFilters: [{ 'big.k': { $gte: 2 } }] },
    );
    expect((await collection().findOne({}))?.rows).toEqual([
      { k: 1, n: 1 },
      { k: 2, hit: true, big: true, n: 1 },
      { k: 3, big: true, n: 1 },
    ]);
  });

  test('a pipeline computes from the document itself', async () => {
    await collection().insertOne({ a: 2, b: 3, kept: { x: 1 } });
    await collection().updateOne({}, [{ $set: { sum: { $add: ['$a', '$b'] } } }, { $unset: 'a' }]);
    expect(await collection().findOne({}, { projection: { _id: 0 } })).toEqual({
      b: 3,
      kept: { x: 1 },
      sum: 5,
    });
  });

  test('an invalid update is rejected with the error code of MongoDB', async () => {
    await collection().insertOne({ text: 'x', list: [1] });
    const update = (change: object) => refusal(collection().updateOne({}, change));
    expect((await update({ $inc: { text: 1 } })).code).toBe(14);
    expect((await update({ $push: { text: 1 } })).code).toBe(2);
    expect((await update({ $nope: { a: 1 } })).code).toBe(9);
    expect((await update({ $set: { a: 1 }, $inc: { 'a.b': 1 } })).code).toBe(40);
    expect((await update({ $set: { 'text.inner': 1 } })).code).toBe(28);
  });

  test('an update that would break a unique index leaves the document as it was', async () => {
    await collection().createIndex({ sku: 1 }, { unique: true });
    await collection().insertMany([{ sku: 'A' }, { sku: 'B' }]);
    const error = await refusal(collection().updateOne({ sku: 'A' }, { $set: { sku: 'B' } }));
    expect(error.code).toBe(11000);
    expect(await collection().countDocuments({ sku: 'A' })).toBe(1);
  });
});

describe('findAndModify', () => {
  test('answers the document before or after, or the removed one', async () => {
    await collection().insertMany([
      { _id: 1 as never, n: 1 },
      { _id: 2 as never, n: 2 },
    ]);
    const change = { $inc: { n: 10 } };
    const options = { sort: { n: -1 } } as const;
    expect(await collection().findOneAndUpdate({}, change, options)).toEqual({ _id: 2, n: 2 });
    expect(
      await collection().findOneAndUpdate({}, change, { ...options, returnDocument: 'after' }),
    ).toEqual({ _id: 2, n: 22 });
    expect(await collection().findOneAndDelete({ n: 1 })).toEqual({ _id: 1, n: 1 });
    expect(await collection().findOneAndUpdate({ n: 99 }, change)).toBeNull();
  });

  test('a duplicate key fails the command itself', async () => {
    await collection().createIndex({ sku: 1 }, { unique: true });
    await collection().insertMany([{ sku: 'A' }, { sku: 'B' }]);
    const error = await refusal(
      collection().findOneAndUpdate({ sku: 'A' }, { $set: { sku: 'B' } }),
    );
    expect(error.code).toBe(11000);
    expect(error.keyValue).toEqual({ sku: 'B' });
  });
});

describe('delete', () => {
  test('takes one or all that match', async () => {
    await collection().insertMany([{ a: 1 }, { a: 1 }, { a: 1 }, { a: 2 }]);
    expect((await collection().deleteOne({ a: 1 })).deletedCount).toBe(1);
    expect((await collection().deleteMany({ a: 1 })).deletedCount).toBe(2);
    expect(await collection().countDocuments()).toBe(1);
  });
});
