import mongoose, { type Connection, Types } from 'mongoose';
import { archiveOn } from '#lib/archive/record.ts';
import { leaseStore, primary, secondary } from '#lib/connections.ts';
import { modelsIn } from '#lib/indexes/collections.ts';
import { type ProductRecord, productsOn } from '#lib/products/record.ts';
import { searchTerms } from '#lib/products/search-terms.ts';
import { snapshotsOn } from '#lib/reports/snapshot-record.ts';
import type { AdmittedStoreId } from '#lib/store-id.ts';
import { provisionStore } from '#lib/stores/provisioning.ts';
import { Registry } from '#lib/stores/record.ts';
import { handler as syncMirror } from '../functions/sync-mirror.ts';
import { contextOf } from '../local/gateway-event.ts';
import { EXAMPLE } from './example-requests.ts';

/** A suspended store, which does not accept changes. */
export const SUSPENDED = 'umbrella';

const STORES = [
  { id: EXAMPLE.store, name: 'Acme', currency: 'EUR' },
  { id: EXAMPLE.otherStore, name: 'Globex', currency: 'EUR' },
  { id: SUSPENDED, name: 'Umbrella', currency: 'EUR' },
];
/** The store that the examples create. */
const OPENED = 'initech';

const BEFORE = new Date('2026-11-20T08:00:00.000Z');

const laptop = {
  sku: EXAMPLE.sku,
  name: 'Laptop Pro',
  description: 'Fast, with a large display.',
  category: 'Electronics',
  tags: ['computer'],
  price: { amount: 129_900, currency: 'EUR' },
  stock: 12,
  status: 'active' as const,
  attributes: { color: 'grey', memory: '32 GB' },
};

const record = (id: string): ProductRecord => ({
  _id: new Types.ObjectId(id),
  ...laptop,
  terms: searchTerms(laptop),
  version: 1,
  createdAt: BEFORE,
  updatedAt: BEFORE,
});

/** The product of each store, by its id. */
const PRODUCTS: Record<string, string> = {
  [EXAMPLE.store]: EXAMPLE.product,
  [EXAMPLE.otherStore]: EXAMPLE.sibling,
};

/** The archived records of the first store. */
const archived = [
  {
    id: EXAMPLE.archived,
    document: { name: 'Smart Watch', price: 199.99, extraField: 'Fitness tracking' },
  },
  { id: EXAMPLE.drifted, document: { title: 'Desk Lamp', price: '39 EUR' } },
];

/** The days that have a snapshot. */
const DAYS = ['2026-11-20', '2026-11-21'];

const modelsOf = (database: Connection) => modelsIn('store', database);

/** Fills the databases with the data of the examples, and mirrors it. The data must not exist yet. */
export async function seedExamples(): Promise<void> {
  const signal = AbortSignal.timeout(20_000);
  await productsOn(await primary()).collection.insertOne(record(EXAMPLE.product) as never);
  for (const store of STORES) {
    await provisionStore({ ...store, openedBy: 'example', modelsOf }, signal);
    using lease = await leaseStore(store.id as AdmittedStoreId);
    const id = PRODUCTS[store.id];
    if (id) await productsOn(lease.connection).collection.insertOne(record(id) as never);
  }
  await Registry.updateOne({ _id: SUSPENDED }, { $set: { status: 'suspended', version: 2 } });
  const connection = await secondary();
  await archiveOn(connection).collection.insertMany(
    archived.map(({ id, document }) => ({
      _id: new Types.ObjectId(id),
      ...{ store: EXAMPLE.store, source: 'ingest', version: 1, archivedAt: BEFORE, document },
    })) as never,
  );
  await snapshotsOn(connection).insertMany(DAYS.map(figuresOn));
  await syncMirror({}, contextOf(syncMirror));
}

const figuresOn = (date: string) => ({
  _id: `${EXAMPLE.store}/${date}`,
  store: EXAMPLE.store,
  date,
  products: 1,
  units: laptop.stock,
  value: [{ currency: 'EUR', amount: laptop.stock * laptop.price.amount }],
  lowStock: 0,
  takenAt: new Date(`${date}T00:05:00.000Z`),
  syncedAt: new Date(`${date}T00:03:00.000Z`),
});

/** Drops the databases of the example stores. */
export async function dropExampleStores(): Promise<void> {
  await primary();
  for (const id of [...STORES.map((store) => store.id), OPENED])
    await mongoose.connection.useDb(`store_${id}`).dropDatabase();
}
