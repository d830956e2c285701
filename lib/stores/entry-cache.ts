import { type Moment, msSince } from '@manystore/connections';
import { settings } from '../runtime/settings.ts';
import type { StoreRecord } from './record.ts';

/** The entries of the registry that this container has read, by store id, oldest first. */
const cache = new Map<string, { entry: StoreRecord; sentAt: Moment }>();
const MAX_CACHED = 10_000;

/** Returns the cached entry of a store; undefined if there is none, or if it is older than `STORE_FRESH_MS`. */
export function cachedEntry(id: string): StoreRecord | undefined {
  const cached = cache.get(id);
  return cached && msSince(cached.sentAt) < settings().stores.freshMs ? cached.entry : undefined;
}

/**
 * Caches an entry for `STORE_FRESH_MS`, unless a later version is already cached. A change that this container wrote
 * is therefore never replaced by an older entry that another request read before it.
 *
 * @param sentAt when the query was sent. The store may have changed since, so the cache time starts here
 * @returns the latest version of the entry that is known
 */
export function cacheEntry(entry: StoreRecord, sentAt: Moment): StoreRecord {
  const cached = cache.get(entry._id);
  if (cached && cached.entry.version > entry.version) return cached.entry;
  cache.delete(entry._id);
  cache.set(entry._id, { entry, sentAt });
  const [oldest] = cache.keys();
  if (cache.size > MAX_CACHED && oldest !== undefined) cache.delete(oldest);
  return entry;
}
