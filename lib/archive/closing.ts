import { trusted } from 'mongoose';
import { dropDatabase } from '../documents/database.ts';
import type { ExpectedVersions } from '../http/etag.ts';
import type { VisibleStoreId } from '../http/visible-stores.ts';
import { catalogOf } from '../products/catalog.ts';
import { settings } from '../runtime/settings.ts';
import { beginClosing, endClosing } from '../stores/changes.ts';
import type { StoreRecord } from '../stores/record.ts';
import { admittedFrom } from '../stores/registry.ts';
import type { StoreClosing } from '../stores/schema.ts';
import { openArchive } from './archive.ts';
import { moveAllToArchive } from './archiving.ts';

/** How far a closing has come, and when it makes sense to call again. */
export interface Progress {
  progress: StoreClosing;
  secondsToWait: number;
}

/** When nothing is missing but another call. */
const AT_ONCE = 1;

/**
 * Closes a store, as far as the time allows: it takes no writes from now on, every product goes to the
 * archive, the database is dropped, and the entry in the registry is `closed` for good. Each step can be
 * repeated, so the same call goes on after a crash, and finds a closed store done.
 *
 * A container that read the entry before may still admit a write for `STORE_FRESH_MS`, and that runs for as
 * long as an invocation does. So the database stays for `STORE_DRAIN_MS`, and what came late is archived too.
 *
 * @throws {NotFound} when there is no such store
 * @throws {StaleTag} when it had none of the `expected` versions
 */
export async function advanceClosing(
  { id, expected }: { id: VisibleStoreId; expected: ExpectedVersions },
  signal: AbortSignal,
): Promise<Progress> {
  const store = await beginClosing({ id, expected }, signal);
  if (store.status === 'closing') {
    const left = await emptyAndDrop(store, signal);
    if (left) return report(store, { status: 'closing', ...left }, signal);
    await endClosing(store, signal);
  }
  return report(store, { status: 'closed', remaining: 0, secondsToWait: 0 }, signal);
}

/** Tells what is left to do and when; undefined when the database is gone. */
async function emptyAndDrop(
  store: StoreRecord,
  signal: AbortSignal,
): Promise<{ remaining: number; secondsToWait: number } | undefined> {
  using catalog = await catalogOf(admittedFrom(store), signal);
  for (;;) {
    // Before the look into the store: what that does not find then, cannot come any more.
    const isDrained = msToDrain(store) <= 0;
    const remaining = await moveAllToArchive(catalog);
    if (remaining > 0) return { remaining, secondsToWait: AT_ONCE };
    if (isDrained) break;
    const ms = msToDrain(store);
    if (ms > 0) return { remaining, secondsToWait: Math.ceil(ms / 1_000) };
  }
  await dropDatabase(catalog.database, signal);
  return undefined;
}

/** How long a write that was admitted before the store stopped taking them may still run. */
function msToDrain({ frozenAt = new Date() }: StoreRecord): number {
  return frozenAt.getTime() + settings().stores.drainMs - Date.now();
}

/** Counts in the archive what has come from the store since its closing began: no crash can lose count. */
async function report(
  { _id: store, closingAt = new Date() }: StoreRecord,
  { secondsToWait, ...rest }: Omit<StoreClosing, 'archived'> & { secondsToWait: number },
  signal: AbortSignal,
): Promise<Progress> {
  const archive = await openArchive(signal);
  const filter = { store, source: 'catalog' as const, archivedAt: trusted({ $gte: closingAt }) };
  const archived = await archive.count(filter);
  return { progress: { ...rest, archived }, secondsToWait };
}
