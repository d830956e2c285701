import { MongoClient } from 'mongodb';
import { answerParent, cpuOf } from '../children.ts';
import { productRecords } from '../records.ts';

/*
 * The driver alone: one unordered bulkWrite with the very operations that an import of the file sends. The documents
 * are made before the clock runs: nothing is read, checked or counted.
 */

const client = await MongoClient.connect(process.env.PRIMARY_CONN_STR ?? '', { maxPoolSize: 5 });

answerParent(async ({ store, count }: { store: string; count: number }): Promise<number> => {
  const operations = productRecords(count).map((document) => ({ insertOne: { document } }));
  const products = client.db(`store_${store}`).collection('products');
  return cpuOf(() => products.bulkWrite(operations, { ordered: false }));
});
