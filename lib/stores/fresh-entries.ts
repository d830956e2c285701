import { settings } from '../runtime/settings.ts';
import type { StoreRecord } from './record.ts';

/** Entries of the registry that were read a moment ago, by id, the oldest first. */
const fresh = new Map<string, { entry: StoreRecord; until: number }>();
const MAX_FRESH = 10_000;

/** Returns the entry of a store if it was read less than `STORE_FRESH_MS` ago. */
export function freshEntry(id: string): StoreRecord | undefined {
  const known = fresh.get(id);
  return known && known.until > Date.now() ? known.entry : undefined;
}

/**
 * Keeps an entry for `STORE_FRESH_MS`, unless a later version of it is kept already: a change that this container
 * made takes effect at once, also for a request that read the entry before.
 *
 * @param askedAt when the query was sent. Its answer may have taken a while, and the store may have changed since
 * @returns the latest version that is known
 */
export function remember(entry: StoreRecord, askedAt: number): StoreRecord {
  const known = fresh.get(entry._id);
  if (known && known.entry.version > entry.version) return known.entry;
  fresh.delete(entry._id);
  fresh.set(entry._id, { entry, until: askedAt + settings().stores.freshMs });
  const [oldest] = fresh.keys();
  if (fresh.size > MAX_FRESH && oldest !== undefined) fresh.delete(oldest);
  return entry;
}
