import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { type Collection, type Document, MongoClient } from 'mongodb';
import { type Figure, plain } from './figure.ts';
import { median } from './statistics.ts';

const LOOKUPS = 2000;

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function product(n: number): Document {
  return {
    sku: `S${String(n).padStart(6, '0')}`,
    name: `Product ${n}`,
    category: `c${n % 50}`,
    tags: [`t${n % 100}`, `u${n % 7}`],
    price: { amount: (n * 7919) % 10_000, currency: 'EUR' },
    stock: n % 40,
    createdAt: new Date(1_700_000_000_000 + n * 1000),
  };
}

async function fill(collection: Collection, count: number): Promise<void> {
  await collection.createIndexes([
    { key: { sku: 1 }, unique: true },
    { key: { category: 1, 'price.amount': 1 } },
    { key: { createdAt: 1, _id: 1 } },
    { key: { tags: 1 } },
  ]);
  for (let from = 0; from < count; from += 10_000) {
    const size = Math.min(10_000, count - from);
    await collection.insertMany(Array.from({ length: size }, (_, n) => product(from + n)));
  }
}

/** The median of many lookups, each of another document. */
async function lookup(collection: Collection, count: number): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < LOOKUPS; n++) {
    const sku = product((n * 7919) % count).sku;
    times.push(await milliseconds(() => collection.findOne({ sku })));
  }
  return median(times);
}

async function page(collection: Collection, from: Date): Promise<unknown> {
  const first: Document | null = await collection.findOne({ createdAt: from });
  const after: Document = {
    $or: [{ createdAt: { $gt: from } }, { createdAt: from, _id: { $gt: first?._id } }],
  };
  return collection
    .find({ $and: [{ createdAt: { $gte: from } }, after] })
    .sort({ createdAt: 1, _id: 1 })
    .limit(21)
    .toArray();
}

/** How quick the embedded MongoDB is through the driver. Server and client share a process here. */
export async function embedded(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const say = (name: string, value: number, unit = 'ms') =>
    figures.push(plain(value, { name, unit }));
  const started = performance.now();
  const server = await startEmbeddedMongo();
  say('start the server', performance.now() - started);
  const client = await MongoClient.connect(server.uri);
  const db = client.db('bench');
  const [few, many, unindexed] = ['few', 'many', 'unindexed'].map((name) =>
    db.collection(name),
  ) as [Collection, Collection, Collection];

  const documents = Array.from({ length: 10_000 }, (_, n) => product(n));
  say('insert 10,000', await milliseconds(() => unindexed.insertMany(documents)));
  const indexed = db.collection('indexed');
  say('insert 10,000, four indexes', await milliseconds(() => fill(indexed, 10_000)));
  await fill(few, 100);
  say('insert 100,000, four indexes', await milliseconds(() => fill(many, 100_000)));
  await lookup(few, 100);
  const [small, large] = [await lookup(few, 100), await lookup(many, 100_000)];
  say('lookup among 100', small);
  say('lookup among 100,000', large);
  say('ratio', large / small, 'times');
  const middle = product(50_000).createdAt;
  await page(many, middle);
  say('keyset page in the middle of 100,000', await milliseconds(() => page(many, middle)));
  const newest = () => many.find().sort({ createdAt: -1 }).limit(20).toArray();
  say('newest 20 of 100,000', await milliseconds(newest));
  const dearest = () => many.find().sort({ 'price.amount': -1 }).limit(20).toArray();
  say('dearest 20 of 100,000, no index', await milliseconds(dearest));
  say('count 100,000', await milliseconds(() => many.estimatedDocumentCount()));
  await client.close();
  await server.stop();
  return figures;
}
