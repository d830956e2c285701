import { DeadlineExceeded, deadlineIn, isUnavailable, timeLeft } from '@manystore/connections';
import pMap from 'p-map';
import { reportFailure } from '../connections.ts';
import { CHANGED_MEANWHILE, untilUnchanged } from '../documents/until-unchanged.ts';
import { DuplicateKey, NotFound, StoreNotWritable } from '../http/problems.ts';
import { describeError, log } from '../runtime/log.ts';
import { type Access, type Catalog, openCatalog } from './catalog.ts';
import { changeOf, writable, writeChange } from './changes.ts';
import { insertProduct, readProduct } from './products.ts';
import type { Published } from './publication-schema.ts';
import type { ProductRecord } from './record.ts';
import type { ProductInput } from './schema.ts';

/** How many stores are worked on at the same time. */
const STORES_AT_ONCE = 5;
/** Milliseconds that are kept back for the end: to answer for the stores that there was no time for. */
const WIND_UP_MS = 1_500;

const AWAY = "The store's database is not responding. Publish the product again.";
const TOO_LATE = 'The request timed out before this store was updated. Publish the product again.';

/**
 * Copies a product of the head catalog into stores. A store that has a product with its SKU already gets what
 * the head catalog says of it, and keeps its own price and stock; another gets a new product, none of it in
 * stock yet. A store that fails does not hinder the others. It can be repeated: what is up to date is left alone.
 *
 * @param stores their ids
 * @returns what became of it in each store, in their order
 * @throws {NotFound} when the head catalog has no such product
 */
export async function publishToStores(
  head: Catalog,
  { id, stores }: { id: string; stores: Iterable<string> | AsyncIterable<string> },
  caller: Access['caller'],
): Promise<Published[]> {
  const original = writable(await readProduct(head, id));
  const publish = (store: string) => publishTo(store, original, { caller, signal: head.signal });
  const results = await pMap(stores, publish, { concurrency: STORES_AT_ONCE });
  // A socket that breaks under one store's command takes those of its neighbours along: the driver clears the
  // pool. They are tried again, one at a time, so that none of them breaks another's.
  const isAway = ({ reason }: Published) => reason === AWAY;
  const again = await pMap(results.filter(isAway), ({ store }) => publish(store), {
    concurrency: 1,
  });
  return results.map((result) => (isAway(result) ? (again.shift() ?? result) : result));
}

async function publishTo(
  store: string,
  original: ProductInput,
  { caller, signal }: Access,
): Promise<Published> {
  try {
    const ms = timeLeft(signal) - WIND_UP_MS;
    if (ms <= 0) throw new DeadlineExceeded();
    using timeout = deadlineIn(ms);
    using catalog = await openCatalog(store, 'write', { caller, signal: timeout.signal });
    return { store, result: await bringUpToDate(catalog, original) };
  } catch (error) {
    return { store, result: 'failed', reason: reasonFor(error, store) };
  }
}

/** Creates the product, or makes it like the original. */
function bringUpToDate(
  catalog: Catalog,
  original: ProductInput,
): Promise<'created' | 'updated' | 'unchanged'> {
  const { sku } = original;
  const next = ({ price, stock }: ProductRecord) => ({ ...original, price, stock });
  return untilUnchanged(async () => {
    const current = await catalog.products.findOne({ sku });
    if (current) {
      const change = changeOf(current, next(current), new Date());
      if (!change) return 'unchanged';
      return (await writeChange(catalog, current, change)) ? 'updated' : CHANGED_MEANWHILE;
    }
    try {
      await insertProduct(catalog, { ...original, stock: 0 });
      return 'created';
    } catch (error) {
      if (error instanceof DuplicateKey) return CHANGED_MEANWHILE;
      throw error;
    }
  });
}

/** What the caller may know of a store that failed. The rest goes to the log. */
function reasonFor(error: unknown, store: string): string {
  if (error instanceof NotFound || error instanceof StoreNotWritable) return error.message;
  if (error instanceof DeadlineExceeded) return TOO_LATE;
  reportFailure(error);
  log.error('publishing', { store, error: describeError(error) });
  if (isUnavailable(error)) return AWAY;
  return 'The product could not be published to this store. Publish it again.';
}
