import { describe, expect, test } from '@jest/globals';
import * as mongo from 'mongodb';
import { conformance } from './support.ts';

const suite = conformance();
const id = (n: number) => n as never;

describe('an insert', () => {
  test('says what it inserted', async () => {
    const things = suite.collection();
    const one = await things.insertOne({ a: 1 });
    expect(one).toMatchObject({ acknowledged: true, insertedId: expect.any(mongo.ObjectId) });
    const many = await things.insertMany([{ _id: id(1) }, { _id: id(2) }]);
    expect(many).toMatchObject({ insertedCount: 2, insertedIds: { 0: 1, 1: 2 } });
  });

  test('of a known _id is refused, and says which', async () => {
    const things = await suite.seeded({ a: 1 });
    await expect(things.insertOne({ _id: id(0) })).rejects.toMatchObject({
      code: 11000,
      keyPattern: { _id: 1 },
      keyValue: { _id: 0 },
    });
  });

  test('in order ends at the first failure', async () => {
    const things = await suite.seeded({});
    const error = await things
      .insertMany([{ _id: id(1) }, { _id: id(0) }, { _id: id(2) }])
      .catch((e: mongo.MongoBulkWriteError) => e);
    expect(error).toMatchObject({ code: 11000, insertedCount: 1, writeErrors: [{ index: 1 }] });
    expect(await things.countDocuments()).toBe(2);
  });

  test('in no order goes on', async () => {
    const things = await suite.seeded({});
    const documents = [{ _id: id(1) }, { _id: id(0) }, { _id: id(0) }, { _id: id(2) }];
    const error = await things.insertMany(documents, { ordered: false }).catch((e) => e);
    expect(error).toMatchObject({
      insertedCount: 2,
      writeErrors: [
        { index: 1, code: 11000 },
        { index: 2, code: 11000 },
      ],
    });
  });

  test.each([
    ['an array', [1]],
    ['a regular expression', /x/],
  ])('with %s as its _id is refused', async (_title, _id) => {
    await expect(suite.collection().insertOne({ _id: _id as never })).rejects.toMatchObject({
      code: expect.any(Number),
    });
  });

  test('puts the _id first', async () => {
    const things = suite.collection();
    await suite.db.command({ insert: things.collectionName, documents: [{ a: 1, _id: 4, b: 2 }] });
    expect(Object.keys((await things.findOne()) ?? {})).toEqual(['_id', 'a', 'b']);
  });

  test('makes an _id where the client sent none', async () => {
    const things = suite.collection();
    await suite.db.command({ insert: things.collectionName, documents: [{ a: 1 }] });
    expect((await things.findOne())?._id).toBeInstanceOf(mongo.ObjectId);
  });

  test('without an acknowledgement arrives too', async () => {
    const things = suite.collection();
    const result = await things.insertOne({ a: 1 }, { writeConcern: { w: 0 } });
    expect(result.acknowledged).toBe(false);
    const end = Date.now() + 5000;
    while ((await things.countDocuments()) === 0) expect(Date.now()).toBeLessThan(end);
    expect(await things.countDocuments()).toBe(1);
  });
});

describe('a delete', () => {
  test('takes one or many', async () => {
    const things = await suite.seeded({ a: 1 }, { a: 1 }, { a: 1 }, { a: 2 });
    expect(await things.deleteOne({ a: 1 })).toEqual({ acknowledged: true, deletedCount: 1 });
    expect(await things.deleteMany({ a: 1 })).toEqual({ acknowledged: true, deletedCount: 2 });
    expect(await things.deleteMany({ a: 9 })).toEqual({ acknowledged: true, deletedCount: 0 });
    expect(await things.countDocuments()).toBe(1);
  });

  test('of a collection that is not there takes nothing', async () => {
    expect(await suite.collection().deleteMany({})).toMatchObject({ deletedCount: 0 });
  });
});

describe('a bulk write', () => {
  test('does each kind and counts them', async () => {
    const things = await suite.seeded({ a: 1 }, { a: 1 }, { a: 2 });
    const result = await things.bulkWrite([
      { insertOne: { document: { _id: id(10), a: 3 } } },
      { updateOne: { filter: { a: 2 }, update: { $set: { a: 4 } } } },
      { updateMany: { filter: { a: 1 }, update: { $inc: { a: 10 } } } },
      { replaceOne: { filter: { a: 4 }, replacement: { a: 5 } } },
      { updateOne: { filter: { _id: id(20) }, update: { $set: { a: 6 } }, upsert: true } },
      { deleteOne: { filter: { a: 3 } } },
      { deleteMany: { filter: { a: 11 } } },
    ]);
    expect(result).toMatchObject({
      insertedCount: 1,
      matchedCount: 4,
      modifiedCount: 4,
      deletedCount: 3,
      upsertedCount: 1,
      upsertedIds: { 4: 20 },
    });
    expect(await things.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 2, a: 5 },
      { _id: 20, a: 6 },
    ]);
  });

  test('in order ends at the first failure', async () => {
    const things = await suite.seeded({});
    const error = await things
      .bulkWrite([
        { insertOne: { document: { _id: id(0) } } },
        { updateOne: { filter: {}, update: { $set: { a: 1 } } } },
      ])
      .catch((e) => e);
    expect(error).toBeInstanceOf(mongo.MongoBulkWriteError);
    expect(await things.findOne()).toEqual({ _id: 0 });
  });

  test('in no order does the rest', async () => {
    const things = await suite.seeded({});
    const error = await things
      .bulkWrite(
        [
          { insertOne: { document: { _id: id(0) } } },
          { updateOne: { filter: {}, update: { $set: { a: 1 } } } },
        ],
        { ordered: false },
      )
      .catch((e) => e);
    expect(error).toMatchObject({ code: 11000, writeErrors: [{ index: 0 }] });
    expect(await things.findOne()).toEqual({ _id: 0, a: 1 });
  });

  test('of thousands of documents', async () => {
    const things = suite.collection();
    const documents = Array.from({ length: 3000 }, (_none, n) => ({ _id: id(n), n }));
    expect((await things.insertMany(documents)).insertedCount).toBe(3000);
    expect(await things.countDocuments({ n: { $gte: 2990 } })).toBe(10);
  });

  test('with array filters', async () => {
    const things = await suite.seeded({ a: [1, 5] });
    await things.bulkWrite([
      { updateOne: { filter: {}, update: { $set: { 'a.$[x]': 0 } }, arrayFilters: [{ x: 5 }] } },
    ]);
    expect(await things.findOne()).toEqual({ _id: 0, a: [1, 0] });
  });
});

describe('findAndModify', () => {
  const seed = () => suite.seeded({ n: 1, k: 'a' }, { n: 2, k: 'a' }, { n: 3, k: 'b' });

  test('gives the document as it was', async () => {
    const things = await seed();
    expect(await things.findOneAndUpdate({ n: 1 }, { $inc: { n: 10 } })).toEqual({
      _id: 0,
      n: 1,
      k: 'a',
    });
  });

  test('gives the document as it is then', async () => {
    const things = await seed();
    const after = await things.findOneAndUpdate(
      { n: 1 },
      { $inc: { n: 10 } },
      { returnDocument: 'after' },
    );
    expect(after).toEqual({ _id: 0, n: 11, k: 'a' });
  });

  test('chooses by a sort', async () => {
    const things = await seed();
    expect(
      await things.findOneAndUpdate({ k: 'a' }, { $set: { x: 1 } }, { sort: { n: -1 } }),
    ).toMatchObject({ _id: 1 });
  });

  test('projects', async () => {
    const things = await seed();
    const options = { projection: { n: 1, _id: 0 }, returnDocument: 'after' as const };
    expect(await things.findOneAndUpdate({ n: 3 }, { $set: { n: 4 } }, options)).toEqual({ n: 4 });
  });

  test('finds nothing', async () => {
    const things = await seed();
    expect(await things.findOneAndUpdate({ n: 9 }, { $set: { n: 4 } })).toBeNull();
    expect(await things.findOneAndDelete({ n: 9 })).toBeNull();
  });

  test('upserts', async () => {
    const things = await seed();
    const options = { upsert: true, returnDocument: 'after' as const };
    expect(await things.findOneAndUpdate({ _id: id(9) }, { $set: { n: 9 } }, options)).toEqual({
      _id: 9,
      n: 9,
    });
    expect(
      await things.findOneAndUpdate({ _id: id(8) }, { $set: { n: 9 } }, { upsert: true }),
    ).toBeNull();
  });

  test('says what it did', async () => {
    const things = await seed();
    const options = { includeResultMetadata: true as const };
    expect(await things.findOneAndUpdate({ n: 1 }, { $set: { n: 5 } }, options)).toMatchObject({
      lastErrorObject: { n: 1, updatedExisting: true },
      value: { _id: 0, n: 1 },
      ok: 1,
    });
    expect(
      await things.findOneAndUpdate(
        { _id: id(7) },
        { $set: { n: 5 } },
        { ...options, upsert: true },
      ),
    ).toMatchObject({
      lastErrorObject: { n: 1, updatedExisting: false, upserted: 7 },
      value: null,
    });
  });

  test('replaces and deletes', async () => {
    const things = await seed();
    expect(await things.findOneAndReplace({ n: 1 }, { z: 1 }, { returnDocument: 'after' })).toEqual(
      { _id: 0, z: 1 },
    );
    expect(await things.findOneAndDelete({ k: 'b' })).toEqual({ _id: 2, n: 3, k: 'b' });
    expect(await things.countDocuments()).toBe(2);
  });

  test('takes array filters and pipelines', async () => {
    const things = await suite.seeded({ a: [1, 5], n: 1 });
    const after = { returnDocument: 'after' as const };
    expect(
      await things.findOneAndUpdate(
        {},
        { $set: { 'a.$[x]': 0 } },
        { ...after, arrayFilters: [{ x: 5 }] },
      ),
    ).toMatchObject({ a: [1, 0] });
    expect(
      await things.findOneAndUpdate({}, [{ $set: { n: { $add: ['$n', 1] } } }], after),
    ).toMatchObject({ n: 2 });
  });
});
