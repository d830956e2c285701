import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import mongoose, { type Connection, Schema } from 'mongoose';
import { withServer } from './with-server.ts';

const fixture = withServer();
let connection: Connection;

const productSchema = new Schema(
  {
    sku: { type: String, required: true, unique: true },
    price: { amount: Number, currency: String },
    tags: [String],
    attributes: { type: Map, of: String },
  },
  { timestamps: true, optimisticConcurrency: true },
);

beforeAll(async () => {
  connection = await mongoose.createConnection(fixture.server.uri).asPromise();
});
afterAll(() => connection.close());

describe('mongoose', () => {
  test('builds its indexes, saves, changes and finds', async () => {
    const Product = connection.useDb('store_a').model('Product', productSchema);
    await Product.init();
    const product = await Product.create({
      sku: 'A',
      price: { amount: 100, currency: 'EUR' },
      tags: ['x'],
      attributes: { colour: 'red' },
    });
    product.tags.push('y');
    product.set('price.amount', 200);
    await product.save();
    const found = await Product.findOne({ sku: 'A' }).orFail();
    expect(found.toObject({ flattenMaps: true })).toMatchObject({
      tags: ['x', 'y'],
      price: { amount: 200 },
      attributes: { colour: 'red' },
      __v: 1,
    });
    await expect(Product.create({ sku: 'A' })).rejects.toMatchObject({ code: 11000 });
  });

  test('refuses to save over a newer version', async () => {
    const Product = connection.useDb('store_b').model('Product', productSchema);
    await Product.create({ sku: 'A', price: { amount: 1 } });
    const [one, two] = [
      await Product.findOne({ sku: 'A' }).orFail(),
      await Product.findOne({ sku: 'A' }).orFail(),
    ];
    await one.set('price.amount', 2).save();
    await expect(two.set('price.amount', 3).save()).rejects.toThrow(/version/);
  });

  test('writes in bulk and keeps databases apart', async () => {
    const [a, b] = ['store_a', 'store_b'].map((name) =>
      connection.useDb(name, { useCache: true }).model('Product', productSchema),
    );
    const result = await a?.bulkWrite([
      { insertOne: { document: { sku: 'B' } } },
      { updateOne: { filter: { sku: 'C' }, update: { $set: { tags: [] } }, upsert: true } },
      { deleteOne: { filter: { sku: 'B' } } },
    ]);
    expect(result).toMatchObject({ insertedCount: 1, upsertedCount: 1, deletedCount: 1 });
    expect(await a?.countDocuments()).toBe(1);
    expect(await b?.countDocuments()).toBe(0);
  });
});
