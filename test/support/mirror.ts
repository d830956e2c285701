import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';
import { mongo } from 'mongoose';
import { newRecord } from '#lib/products/record.ts';
import type { ProductInput } from '#lib/products/schema.ts';
import { handler as syncMirror } from '../../functions/sync-mirror.ts';
import { invoke } from './gateway.ts';
import { cluster, servers } from './settings.ts';

/** Clients of the servers, past the service: to look at what it wrote, and to set the scene. */
export const direct = {
  primary: new mongo.MongoClient(servers.primary),
  secondary: new mongo.MongoClient(servers.secondary),
  /** Of the cluster eu-1. */
  cluster: new mongo.MongoClient(cluster),
};

/** Ends them: for the `afterAll` of a file. */
export const closeDirect = () => Promise.all(Object.values(direct).map((client) => client.close()));

/** The collection that holds a store's own products, by default on the primary. */
export const productsOf = (store: string, cluster = 'primary') =>
  (cluster === 'eu-1' ? direct.cluster : direct.primary)
    .db(`store_${store}`)
    .collection('products');

/** The registry of the test file. */
export const registry = () => direct.primary.db().collection<{ _id: string }>('stores');

/** A collection in the mirror's database. */
export const mirrored = (name: 'products' | 'archive' | 'snapshots') =>
  direct.secondary.db().collection(name);
/** The marks of changed stores of a cluster, by default of the primary. */
export const changeMarks = (cluster = 'primary') =>
  (cluster === 'eu-1' ? direct.cluster : direct.primary)
    .db()
    .collection<{ _id: string; at: Date }>('changes');
export const watermarks = () =>
  direct.secondary.db().collection<mongo.Document & { _id: string }>('watermarks');

/** Expects that the mirror equals the stores, with the current name of the store in each document. */
export async function expectMirrorOf(stores: string[]): Promise<void> {
  const filter = { 'store.id': { $in: stores } };
  const found = await mirrored('products').find(filter).sort({ _id: 1 }).toArray();
  const expected: mongo.Document[] = [];
  for (const id of stores) {
    const entry = await registry().findOne({ _id: id });
    const { name, status, cluster } = entry as mongo.Document;
    const products = status === 'closed' ? [] : await productsOf(id, cluster).find().toArray();
    expected.push(...products.map((product) => ({ ...product, store: { id, name } })));
  }
  expected.sort((a, b) => (String(a._id) < String(b._id) ? -1 : 1));
  expect(found).toHaveLength(expected.length);
  // Jest takes a second to compare a thousand products, so it is only used to show differences.
  if (!isDeepStrictEqual(found, expected)) expect(found).toEqual(expected);
}

const alike = (n: number): ProductInput => ({
  sku: `N-${new mongo.ObjectId()}`,
  name: `Product ${n}`,
  tags: [],
  price: { amount: 100, currency: 'USD' },
  stock: 10,
  status: 'active',
  attributes: {},
});

/** Adds `count` products with the same date directly to a store's database, as an import does. */
export async function addAlike(
  store: string,
  count: number,
  changes: (n: number) => object = () => ({}),
): Promise<void> {
  const now = new Date();
  const products = Array.from({ length: count }, (_, n) => ({
    ...newRecord(alike(n), now),
    ...changes(n),
  }));
  await productsOf(store).insertMany(products);
}

/** Makes stores ones that were created and changed a day ago, and syncs them, so that the next sync of all stores need not query them. */
export async function settle(stores: string[]): Promise<void> {
  const dayAgo = new Date(Date.now() - 24 * 3_600_000);
  await registry().updateMany({ _id: { $in: stores } }, { $set: { updatedAt: dayAgo } });
  await changeMarks().updateMany({ _id: { $in: stores } }, { $set: { at: dayAgo } });
  await invoke(syncMirror, { stores });
}

/** Moves the last sync of a store, and all earlier dates, `ms` into the past. */
export async function age(store: string, ms: number): Promise<void> {
  const earlier = (field: string) => ({ $subtract: [`$${field}`, ms] });
  await productsOf(store).updateMany({}, [{ $set: { updatedAt: earlier('updatedAt') } }]);
  await mirrored('products').updateMany({ 'store.id': store }, [
    { $set: { updatedAt: earlier('updatedAt') } },
  ]);
  await mirrored('archive').updateMany({ store }, [
    { $set: { archivedAt: earlier('archivedAt') } },
  ]);
  await registry().updateOne({ _id: store }, [{ $set: { updatedAt: earlier('updatedAt') } }]);
  const trails = ['products.through', 'archive.through'];
  await watermarks().updateOne({ _id: store }, [
    { $set: Object.fromEntries(trails.map((field) => [field, earlier(field)])) },
  ]);
}
