import { trusted } from 'mongoose';
import { dropDatabase } from '../documents/database.ts';
import type { ExpectedVersions } from '../http/etag.ts';
import type { VisibleStoreId } from '../http/visible-stores.ts';
import { catalogOf } from '../products/catalog.ts';
import { beginClosing, endClosing, msToDrain } from '../stores/changes.ts';
import type { StoreRecord } from '../stores/record.ts';
import { admittedFrom } from '../stores/registry.ts';
import type { StoreClosing } from '../stores/schema.ts';
import { openArchive } from './archive.ts';
import { moveAllToArchive } from './archiving.ts';

/** The progress of closing a store, and how long to wait before the next call. */
export interface Progress {
  progress: StoreClosing;
  secondsToWait: number;
}

/** The seconds to wait when the next call can continue at once. */
const NO_WAIT_SECONDS = 1;

/**
 * Closes a store, as far as the time of the request permits: makes it read-only, moves its products to the archive,
 * drops its database, and marks its registry entry as `closed`. Each step can be repeated, so another call continues
 * where this one stopped or crashed. For a closed store, it only returns the progress.
 *
 * Another container may have cached the entry, so it may accept writes for `STORE_FRESH_MS` after the store became
 * read-only, and such a request may run for the length of an invocation. So the database is dropped only after
 * `STORE_DRAIN_MS`, and late writes are archived too.
 *
 * @throws {NotFound} when there is no such store
 * @throws {StaleTag} when the version that the store had before it was closed is not `expected`
 */
export async function advanceClosing(
  { id, expected }: { id: VisibleStoreId; expected: ExpectedVersions },
  signal: AbortSignal,
): Promise<Progress> {
  const store = await beginClosing({ id, expected }, signal);
  if (store.status === 'closing') {
    const unfinished = await emptyAndDrop(store, signal);
    if (unfinished) return report(store, { status: 'closing', ...unfinished }, signal);
    await endClosing(store, signal);
  }
  return report(store, { status: 'closed', remaining: 0, secondsToWait: 0 }, signal);
}

/** Empties and drops a store's database. Returns what remains and when to continue; undefined once it is dropped. */
async function emptyAndDrop(
  store: StoreRecord,
  signal: AbortSignal,
): Promise<{ remaining: number; secondsToWait: number } | undefined> {
  using catalog = await catalogOf(admittedFrom(store), 'write', signal);
  for (;;) {
    // Read before the products: if the time is over, no write can follow that this read would miss.
    const ms = await msToDrain(store, signal);
    const remaining = await moveAllToArchive(catalog, closingOf(store));
    if (remaining > 0) return { remaining, secondsToWait: NO_WAIT_SECONDS };
    if (ms <= 0) break;
    const msLeft = await msToDrain(store, signal);
    if (msLeft > 0) return { remaining, secondsToWait: Math.ceil(msLeft / 1_000) };
  }
  await dropDatabase(catalog.database, signal);
  return undefined;
}

/** Returns when closing started. Its products are archived from then on. */
const closingOf = ({ closingAt, updatedAt }: StoreRecord): Date => closingAt ?? updatedAt;

/** Counts the archived products of a store since closing started. The archive is counted, so a crash loses nothing. */
async function report(
  closing: StoreRecord,
  { secondsToWait, ...rest }: Omit<StoreClosing, 'archived'> & { secondsToWait: number },
  signal: AbortSignal,
): Promise<Progress> {
  const archive = await openArchive(signal);
  const archivedAt = trusted({ $gte: closingOf(closing) });
  const archived = await archive.count({ store: closing._id, source: 'catalog', archivedAt });
  return { progress: { ...rest, archived }, secondsToWait };
}
