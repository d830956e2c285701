import { mongo } from 'mongoose';
import type { ArchivedRecord } from '../lib/models/archived.ts';
import type { ProductRecord } from '../lib/models/product.ts';
import type { SnapshotRecord } from '../lib/models/snapshot.ts';
import type { StoreRecord } from '../lib/models/store.ts';
import type { WatermarkRecord } from '../lib/models/watermark.ts';
import { searchTerms } from '../lib/products/search-terms.ts';
import { EXAMPLE } from './example-requests.ts';

const { store, otherStore, sku, product, archived } = EXAMPLE;

const OPENED = new Date('2026-11-01T09:00:00.000Z');
const CHANGED = new Date('2026-11-20T16:30:00.000Z');

const entries: StoreRecord[] = [
  [store, 'Acme'],
  [otherStore, 'Globex'],
].map(([id = '', name = '']) => ({
  _id: id,
  name,
  currency: 'EUR',
  status: 'active',
  version: 1,
  openedBy: '',
  ready: true,
  createdAt: OPENED,
  updatedAt: OPENED,
}));

const words = {
  sku,
  name: 'Laptop Pro',
  description: 'Quick and quiet, with room for everything.',
  category: 'Electronics',
  tags: ['computer'],
};

const laptop: ProductRecord = {
  _id: new mongo.ObjectId(product),
  ...words,
  price: { amount: 129_900, currency: 'EUR' },
  stock: 12,
  status: 'active',
  attributes: { color: 'grey', memory: '32 GB' },
  terms: searchTerms(words),
  version: 1,
  createdAt: OPENED,
  updatedAt: CHANGED,
};

const watch: ArchivedRecord = {
  _id: new mongo.ObjectId(archived),
  store,
  source: 'ingest',
  version: 0,
  archivedAt: CHANGED,
  document: { name: 'Smart Watch', price: 199.99, extraField: 'Fitness tracking' },
};

const mirrored: WatermarkRecord = {
  _id: store,
  generation: 1,
  products: { through: CHANGED },
  archive: { through: CHANGED },
  name: 'Acme',
  syncedAt: CHANGED,
  triedAt: CHANGED,
  closed: false,
  settled: false,
};

const snapshot: SnapshotRecord = {
  _id: `${store}/2026-11-20`,
  store,
  date: '2026-11-20',
  products: 1,
  units: 12,
  value: [{ currency: 'EUR', amount: 1_558_800 }],
  lowStock: 0,
  takenAt: CHANGED,
  syncedAt: CHANGED,
};

/**
 * Writes what the example requests are about into two empty servers: a product in the head catalog, the same
 * in two stores, one of them mirrored, with a record in its archive.
 *
 * @param primary connection strings; the databases that they name are those of the service
 */
export async function writeExamples(primary: string, secondary: string): Promise<void> {
  await within(primary, async (client) => {
    await client.db().collection<StoreRecord>('stores').insertMany(entries);
    const catalogs = [client.db(), client.db(`store_${store}`), client.db(`store_${otherStore}`)];
    for (const catalog of catalogs) await catalog.collection('products').insertOne({ ...laptop });
  });
  await within(secondary, async (client) => {
    const add = (collection: string, document: mongo.Document) =>
      client.db().collection(collection).insertOne(document);
    await add('products', { ...laptop, store: { id: store, name: 'Acme' } });
    await add('archive', watch);
    await add('watermarks', mirrored);
    await add('snapshots', snapshot);
  });
}

async function within(
  connectionString: string,
  work: (client: mongo.MongoClient) => Promise<void>,
): Promise<void> {
  const client = await mongo.MongoClient.connect(connectionString);
  await work(client).finally(() => client.close());
}
