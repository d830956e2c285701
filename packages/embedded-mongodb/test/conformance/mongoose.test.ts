import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import mongoose, { type Connection, mongo, Schema } from 'mongoose';
import { conformance } from './support.ts';

const suite = conformance();
let connection: Connection;
beforeAll(async () => {
  const dbName = suite.db.databaseName;
  connection = await mongoose.createConnection(suite.uri, { dbName }).asPromise();
});
afterAll(() => connection.close());

let named = 0;
/** A model that no other case uses. */
function model(definition: object, options: object = {}) {
  return connection.model(
    `M${++named}`,
    new Schema(definition as Record<string, unknown>, options),
  );
}

describe('mongoose', () => {
  test('creates, finds, changes and deletes', async () => {
    const Thing = model({ name: String, tags: [String], n: Number }, { timestamps: true });
    const thing = await Thing.create({ name: 'a', tags: ['x'], n: 1 });
    expect(thing.get('createdAt')).toBeInstanceOf(Date);
    thing.set('n', 2);
    (thing.get('tags') as string[]).push('y');
    await thing.save();
    expect((await Thing.findById(thing._id).lean())?.tags).toEqual(['x', 'y']);
    expect(await Thing.updateMany({}, { $inc: { n: 1 } })).toMatchObject({ modifiedCount: 1 });
    expect(
      await Thing.findOneAndUpdate({ n: 3 }, { n: 4 }, { returnDocument: 'after' }).lean(),
    ).toMatchObject({ n: 4 });
    await thing.deleteOne();
    expect(await Thing.exists({})).toBeNull();
  });

  test('casts what it is given', async () => {
    const Thing = model({
      when: Date,
      n: Number,
      id: Schema.Types.ObjectId,
      big: BigInt,
      dec: Schema.Types.Decimal128,
      buf: Buffer,
      flag: Boolean,
      m: { type: Map, of: Number },
      u: Schema.Types.UUID,
    });
    const given = {
      when: '2024-01-01',
      n: '5',
      id: '65f000000000000000000001',
      big: 9007199254740993n,
      dec: '1.10',
      buf: Buffer.from('x'),
      flag: 'true',
      m: { a: 1 },
      u: '0d1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b',
    };
    await Thing.create(given);
    const found = await Thing.findOne({ when: { $gte: '2023-12-31' }, n: '5' }).orFail();
    expect(found.toObject({ flattenMaps: true })).toMatchObject({
      n: 5,
      big: 9007199254740993n,
      flag: true,
      m: { a: 1 },
    });
    expect(String(found.get('dec'))).toBe('1.10');
    expect(await Thing.countDocuments({ u: given.u })).toBe(1);
  });

  test('populates, through arrays and virtuals, deeply', async () => {
    const Author = model({ name: String });
    const Book = model({
      title: String,
      author: { type: Schema.Types.ObjectId, ref: Author.modelName },
      also: [{ type: Schema.Types.ObjectId, ref: Author.modelName }],
    });
    const Shelf = model({ books: [{ type: Schema.Types.ObjectId, ref: Book.modelName }] });
    const [ann, bob] = await Author.create([{ name: 'ann' }, { name: 'bob' }]);
    const book = await Book.create({ title: 't', author: ann?._id, also: [bob?._id, ann?._id] });
    await Shelf.create({ books: [book._id] });
    const found = await Book.findOne()
      .populate('author')
      .populate({ path: 'also', match: { name: 'bob' } })
      .lean();
    expect(found).toMatchObject({ author: { name: 'ann' }, also: [{ name: 'bob' }] });
    const shelf = await Shelf.findOne().populate({ path: 'books', populate: 'author' }).lean();
    expect(shelf).toMatchObject({ books: [{ title: 't', author: { name: 'ann' } }] });
  });

  test('keeps kinds of one model apart', async () => {
    const Event = model({ at: Number }, { discriminatorKey: 'kind' });
    const Click = Event.discriminator(`Click${named}`, new Schema({ url: String }), 'click');
    const Sale = Event.discriminator(`Sale${named}`, new Schema({ price: Number }), 'sale');
    await Click.create({ at: 1, url: 'u' });
    await Sale.create([
      { at: 2, price: 3 },
      { at: 3, price: 4 },
    ]);
    expect(await Event.countDocuments()).toBe(3);
    expect(await Sale.countDocuments()).toBe(2);
    expect((await Event.findOne({ at: 1 }))?.get('url')).toBe('u');
    expect(await Sale.aggregate([{ $group: { _id: null, sum: { $sum: '$price' } } }])).toEqual([
      { _id: null, sum: 7 },
    ]);
  });

  test('saves and writes in bulk', async () => {
    const Thing = model({ n: Number });
    const things = [new Thing({ n: 1 }), new Thing({ n: 2 })];
    await Thing.bulkSave(things);
    things[0]?.set('n', 10);
    await Thing.bulkSave(things);
    expect((await Thing.distinct('n')).sort()).toEqual([10, 2]);
    expect(await Thing.insertMany([{ n: 5 }, { n: 6 }])).toHaveLength(2);
    const result = await Thing.bulkWrite([
      { updateOne: { filter: { n: 5 }, update: { n: 7 } } },
      { deleteOne: { filter: { n: 6 } } },
    ]);
    expect(result).toMatchObject({ modifiedCount: 1, deletedCount: 1 });
  });

  test('reads by cursors', async () => {
    const Thing = model({ n: Number });
    await Thing.insertMany(Array.from({ length: 30 }, (_none, n) => ({ n })));
    let sum = 0;
    for await (const thing of Thing.find().sort('n').batchSize(4)) sum += Number(thing.get('n'));
    expect(sum).toBe(435);
    const seen: number[] = [];
    await Thing.find({ n: { $lt: 3 } })
      .sort('-n')
      .cursor()
      .eachAsync((thing) => void seen.push(Number(thing.get('n'))));
    expect(seen).toEqual([2, 1, 0]);
    const totals = [];
    for await (const total of Thing.aggregate([
      { $group: { _id: { $mod: ['$n', 2] } } },
      { $sort: { _id: 1 } },
    ]).cursor())
      totals.push(total._id);
    expect(totals).toEqual([0, 1]);
  });

  test('runs transactions, and forgets what was aborted', async () => {
    const Thing = model({ n: Number });
    await Thing.createCollection();
    await connection.transaction(async (session) => {
      await Thing.create([{ n: 1 }], { session });
    });
    await expect(
      connection.transaction(async (session) => {
        await Thing.create([{ n: 2 }], { session });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await Thing.distinct('n')).toEqual([1]);
  });

  test('refuses to save over a newer version', async () => {
    const Thing = model({ n: Number, list: [Number] }, { optimisticConcurrency: true });
    const { _id } = await Thing.create({ n: 1 });
    const [one, two] = [await Thing.findById(_id).orFail(), await Thing.findById(_id).orFail()];
    await one.set('n', 2).save();
    await expect(two.set('n', 3).save()).rejects.toThrow(/version/i);
  });

  test('changes documents within arrays', async () => {
    const Thing = model({ items: [{ k: String, n: Number }] });
    const thing = await Thing.create({
      items: [
        { k: 'a', n: 1 },
        { k: 'b', n: 2 },
      ],
    });
    const items = thing.get('items') as mongoose.Types.DocumentArray<{ k: string; n: number }>;
    items[1]?.set('n', 5);
    items.pull(items[0]?._id);
    await thing.save();
    expect((await Thing.findById(thing._id).lean())?.items).toMatchObject([{ k: 'b', n: 5 }]);
    await Thing.updateOne({ 'items.k': 'b' }, { $set: { 'items.$.n': 6 } });
    await Thing.updateOne({}, { $push: { items: { $each: [{ k: 'c', n: 9 }], $position: 0 } } });
    expect((await Thing.findOne().lean())?.items).toMatchObject([{ k: 'c' }, { k: 'b', n: 6 }]);
  });

  test('upserts with defaults', async () => {
    const Thing = model({ k: String, n: { type: Number, default: 7 } });
    await Thing.updateOne({ k: 'a' }, { $setOnInsert: { x: 1 } }, { upsert: true });
    expect(await Thing.findOne({ k: 'a' }).lean()).toMatchObject({ k: 'a', n: 7 });
  });

  test('builds and compares its indexes', async () => {
    const Thing = model({
      sku: { type: String, unique: true },
      at: { type: Date, expires: 60 },
      n: { type: Number, index: true },
    });
    await Thing.init();
    expect((await Thing.listIndexes()).map(({ name }) => name)).toEqual([
      '_id_',
      'sku_1',
      'at_1',
      'n_1',
    ]);
    await Thing.create({ sku: 'a' });
    await expect(Thing.create({ sku: 'a' })).rejects.toMatchObject({
      code: 11000,
      keyPattern: { sku: 1 },
    });
    await Thing.collection.createIndex({ extra: 1 });
    expect((await Thing.diffIndexes()).toDrop).toEqual(['extra_1']);
    expect(await Thing.syncIndexes()).toEqual(['extra_1']);
  });

  test('computes by an aggregation', async () => {
    const Thing = model({ k: String, n: Number });
    await Thing.insertMany([
      { k: 'a', n: 1 },
      { k: 'a', n: 2 },
      { k: 'b', n: 5 },
    ]);
    const found = await Thing.aggregate()
      .match({ n: { $gt: 0 } })
      .group({ _id: '$k', sum: { $sum: '$n' } })
      .sort('-sum');
    expect(found).toEqual([
      { _id: 'b', sum: 5 },
      { _id: 'a', sum: 3 },
    ]);
  });

  test('keeps one schema in several databases', async () => {
    const schema = new Schema({ n: Number });
    const [a, b] = ['a', 'b'].map((name) =>
      connection.useDb(`${connection.name}-${name}`).model('Thing', schema),
    );
    await a?.create({ n: 1 });
    expect(await a?.countDocuments()).toBe(1);
    expect(await b?.countDocuments()).toBe(0);
  });

  test('says what the server said', async () => {
    const Thing = model({ n: Number });
    await expect(Thing.collection.updateOne({}, { $nope: 1 } as object)).rejects.toBeInstanceOf(
      mongo.MongoServerError,
    );
    await expect(Thing.aggregate([{ $nope: 1 } as never])).rejects.toMatchObject({ code: 40324 });
  });
});
