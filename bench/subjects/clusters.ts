import { leaseStore } from '#lib/connections.ts';
import { productsOn } from '#lib/products/record.ts';
import type { AdmittedStoreId } from '#lib/store-id.ts';

const CLUSTERS = Number(process.env.CLUSTERS);

/* Stores on several clusters: the store `s<n>` is on the cluster `c<n modulo CLUSTERS>`. */

/** Queries a store. */
export async function ask(id: string): Promise<void> {
  const cluster = `c${Number(id.slice(1)) % CLUSTERS}`;
  using lease = await leaseStore({ id: id as AdmittedStoreId, cluster });
  await productsOn(lease.connection).findOne({ sku: 'X' }).lean();
}
