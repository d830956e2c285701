import { eventFor } from '../../../bench/event.ts';
import { enterStores } from '../../../bench/records.ts';
import { CLUSTER } from '../databases/deployments.ts';
import type { Lane } from '../lane.ts';

/** The function whose containers are measured. */
export const FUNCTION = 'list-products';
const STORES = 20;
const ON_CLUSTER = 4;

/** Requests for the products of stores, in turn. */
export interface StoreRequests {
  /** Returns the next request for a store on the primary. */
  onPrimary: () => object;
  /** Returns the next request for a store on the cluster. */
  onCluster: () => object;
}

/** Enters stores on the primary and on the cluster in the registry. Their databases are empty. */
export async function enterStoresOfBoth(lane: Lane): Promise<StoreRequests> {
  const here = Array.from({ length: STORES }, (_, n) => `here-${n}`);
  const away = Array.from({ length: ON_CLUSTER }, (_, n) => `away-${n}`);
  await enterStores(lane.clients.primary, here, { database: 'manystore' });
  await enterStores(lane.clients.primary, away, { database: 'manystore', cluster: CLUSTER });
  return { onPrimary: requestsFor(here), onCluster: requestsFor(away) };
}

function requestsFor(stores: readonly string[]): () => object {
  const events = stores.map((store) =>
    eventFor('GET /stores/{store}/products', { path: { store } }),
  );
  let n = 0;
  return () => events[n++ % events.length] as object;
}
