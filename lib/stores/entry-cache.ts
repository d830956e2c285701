import { settings } from '../runtime/settings.ts';
import type { StoreRecord } from './record.ts';

/** The entries of the registry that this container has read, by store id, oldest first. */
const cache = new Map<string, { entry: StoreRecord; expiresAt: number }>();
const MAX_CACHED = 10_000;

/** Returns the cached entry of a store; undefined if there is none, or if it is older than `STORE_FRESH_MS`. */
export function cachedEntry(id: string): StoreRecord | undefined {
  const cached = cache.get(id);
  return cached && cached.expiresAt > Date.now() ? cached.entry : undefined;
}

/**
 * Caches an entry for `STORE_FRESH_MS`, unless a later version is already cached. A change that this container wrote
 * is therefore never replaced by an older entry that another request read before it.
 *
 * @param sentAt when the query was sent. The store may have changed since, so the cache time starts here
 * @returns the latest version of the entry that is known
 */
export function cacheEntry(entry: StoreRecord, sentAt: number): StoreRecord {
  const cached = cache.get(entry._id);
  if (cached && cached.entry.version > entry.version) return cached.entry;
  cache.delete(entry._id);
  cache.set(entry._id, { entry, expiresAt: sentAt + settings().stores.freshMs });
  const [oldest] = cache.keys();
  if (cache.size > MAX_CACHED && oldest !== undefined) cache.delete(oldest);
  return entry;
}
