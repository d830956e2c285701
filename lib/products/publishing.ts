import {
  CircuitOpen,
  DeadlineExceeded,
  deadlineIn,
  isUnavailable,
  timeLeft,
} from '@manystore/connections';
import { reportFailure, serverNow } from '../connections.ts';
import { CHANGED_MEANWHILE, untilUnchanged } from '../documents/until-unchanged.ts';
import { normalized } from '../http/lines.ts';
import { DuplicateKey, NotFound, StoreNotWritable } from '../http/problems.ts';
import { covers, visibleStore } from '../http/visible-stores.ts';
import { PRIMARY_CLUSTER } from '../runtime/cluster-names.ts';
import { ClusterUnavailable } from '../runtime/cluster-strings.ts';
import { describeError, log } from '../runtime/log.ts';
import { forEachByCluster } from '../stores/by-cluster.ts';
import { clustersOf } from '../stores/lists.ts';
import { type Access, type Catalog, openCatalog } from './catalog.ts';
import { changeOf, writable, writeChange } from './changes.ts';
import { insertProduct, readProduct } from './products.ts';
import type { Published } from './publication-schema.ts';
import type { ProductRecord } from './record.ts';
import type { ProductInput } from './schema.ts';

/** The number of stores that are updated at the same time. The contract of publish-product declares their sockets. */
const CONCURRENCY = 5;
/** The time that is reserved for reporting the stores that did not fit in the time of the request. */
const RESERVED_MS = 1_500;

const UNREACHABLE = "The store's database is not responding. Publish the product again.";
const TOO_LATE = 'The request timed out before this store was updated. Publish the product again.';

/**
 * Copies a product of the head catalog to stores. A store that has a product with the same SKU keeps its own price and
 * stock, and the other fields are updated. Any other store gets a new product with a stock of 0. A store that fails does
 * not affect the others. It can be repeated, because a copy that is up to date is not changed.
 *
 * @param stores the ids of the stores
 * @param earlier the results of an earlier call, which are kept, except for the stores that failed
 * @returns the result for each store, in the same order
 * @throws {NotFound} when the head catalog has no such product
 */
export async function publishToStores(
  head: Catalog,
  { id, stores }: { id: string; stores: Iterable<string> | AsyncIterable<string> },
  caller: Access['caller'],
  earlier: readonly Published[] = [],
): Promise<Published[]> {
  const original = writable(await readProduct(head, id));
  const { signal } = head;
  const results = new Map(earlier.filter(isPublished).map((result) => [result.store, result]));
  const ids: string[] = [];
  for await (const store of stores) ids.push(store);
  const missing = ids.filter((store) => !results.has(store));
  const visible = missing.filter((store) => covers(caller.stores, store));
  const clusters = await clustersOf(
    visible.map((store) => visibleStore(caller.stores, store)),
    signal,
  );
  const clusterOf = (store: string) => clusters.get(store) ?? PRIMARY_CLUSTER;
  const interrupted = new Set<string>();
  const publish = async (store: string) => {
    const { wasInterrupted, ...result } = await publishTo(store, original, { caller, signal });
    results.set(store, result);
    if (wasInterrupted) interrupted.add(store);
  };
  await forEachByCluster(missing, clusterOf, CONCURRENCY, publish);
  // When the connection of one command breaks, the driver clears the whole pool, so commands for other stores fail too.
  // All of these stores are retried sequentially, so that they cannot affect each other.
  for (const store of [...interrupted]) await publish(store);
  return ids.flatMap((store) => results.get(store) ?? []);
}

/** Returns whether a store has the product. If not, the same publication may succeed later. */
export const isPublished = ({ result }: Published): boolean => result !== 'failed';

interface Attempt extends Published {
  /** Whether a fault interrupted it that the work on another store may have caused. */
  wasInterrupted?: boolean;
}

async function publishTo(
  store: string,
  original: ProductInput,
  { caller, signal }: Access,
): Promise<Attempt> {
  try {
    const ms = timeLeft(signal) - RESERVED_MS;
    if (ms <= 0) throw new DeadlineExceeded();
    using timeout = deadlineIn(ms);
    using catalog = await openCatalog(store, 'write', { caller, signal: timeout.signal });
    return { store, result: await createOrUpdate(catalog, original) };
  } catch (error) {
    const wasInterrupted = isUnavailable(error) && !(error instanceof CircuitOpen);
    return { store, result: 'failed', reason: reasonFor(error, store), wasInterrupted };
  }
}

/** Creates the copy of a product in a store, or updates it. */
function createOrUpdate(
  catalog: Catalog,
  original: ProductInput,
): Promise<'created' | 'updated' | 'unchanged'> {
  // The store's product may have another stored form of the SKU, which it keeps.
  const next = (own: ProductRecord) => ({
    ...original,
    sku: own.sku,
    price: own.price,
    stock: own.stock,
  });
  return untilUnchanged(async () => {
    const current = await catalog.products.findBySku(original.sku);
    if (current) {
      const change = changeOf(current, next(current), await serverNow(catalog.signal));
      if (!change) return 'unchanged';
      return (await writeChange(catalog, current, change)) ? 'updated' : CHANGED_MEANWHILE;
    }
    try {
      await insertProduct(catalog, { ...original, sku: normalized(original.sku), stock: 0 });
      return 'created';
    } catch (error) {
      if (error instanceof DuplicateKey) return CHANGED_MEANWHILE;
      throw error;
    }
  });
}

/** Returns the reason for a failure that the caller may see. The error itself is logged. */
function reasonFor(error: unknown, store: string): string {
  if (error instanceof NotFound || error instanceof StoreNotWritable) return error.message;
  if (error instanceof DeadlineExceeded) return TOO_LATE;
  reportFailure(error);
  log.error('publishing', { store, error: describeError(error) });
  if (isUnavailable(error) || error instanceof ClusterUnavailable) return UNREACHABLE;
  return 'The product could not be published to this store. Publish it again.';
}
