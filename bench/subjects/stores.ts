import { leaseStore } from '#lib/connections.ts';
import { productsOn } from '#lib/products/record.ts';
import type { AdmittedStoreId } from '#lib/store-id.ts';

/* Stores as an operation opens them: a lease of the store's handle, and the model bound to it. */

/** Switches to a store. */
export async function visit(id: string): Promise<void> {
  using lease = await leaseStore({ id: id as AdmittedStoreId, cluster: 'primary' });
  productsOn(lease.connection);
}

/** Switches to a store, and asks it something. */
export async function ask(id: string): Promise<void> {
  using lease = await leaseStore({ id: id as AdmittedStoreId, cluster: 'primary' });
  await productsOn(lease.connection).findOne({ sku: 'X' }).lean();
}
