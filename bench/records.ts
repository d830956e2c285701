import type { MongoClient } from 'mongodb';
import { newRecord, type ProductRecord } from '#lib/products/record.ts';
import { PRIMARY_CLUSTER } from '#lib/runtime/cluster-names.ts';
import type { StoreRecord } from '#lib/stores/record.ts';
import { sampleProduct } from '../local/sample-products.ts';
import { MAIN } from './server.ts';

/** The records of so many products, as the service itself would write them. */
export const productRecords = (count: number): ProductRecord[] =>
  Array.from({ length: count }, (_, n) =>
    newRecord(sampleProduct(n, 'EUR'), new Date(1_700_000_000_000 + n * 1_000)),
  );

/** Enters a product of the head catalog, and the same one of a store. Returns its id. */
export async function enterProduct(client: MongoClient, store: string): Promise<string> {
  const [record] = productRecords(1) as [ProductRecord];
  await enterStores(client, [store]);
  for (const database of [MAIN, `store_${store}`])
    await client.db(database).collection<ProductRecord>('products').insertOne(record);
  return record._id.toHexString();
}

/**
 * Enters stores in the registry, active and ready.
 *
 * @param database the database of the registry
 * @param cluster the cluster that they are on
 * @param at when they were created
 */
export async function enterStores(
  client: MongoClient,
  ids: readonly string[],
  {
    database = MAIN,
    cluster = PRIMARY_CLUSTER,
    at = new Date(),
  }: { database?: string; cluster?: string; at?: Date } = {},
): Promise<void> {
  const entry = {
    name: 'A Store',
    currency: 'EUR',
    status: 'active',
    version: 1,
    openedBy: '',
  } as const;
  const entries = ids.map((_id) => ({
    _id,
    ...entry,
    ready: true,
    cluster,
    createdAt: at,
    updatedAt: at,
  }));
  await client.db(database).collection<StoreRecord>('stores').insertMany(entries);
}
