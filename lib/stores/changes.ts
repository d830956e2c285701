import { thisMoment } from '@manystore/connections';
import { CHANGED_MEANWHILE, untilUnchanged } from '../documents/until-unchanged.ts';
import { type ExpectedVersions, isExpected, staleVersion } from '../http/etag.ts';
import { StoreNotWritable } from '../http/problems.ts';
import type { VisibleStoreId } from '../http/visible-stores.ts';
import { settings } from '../runtime/settings.ts';
import { openRegistry, readEntry } from './entries.ts';
import { cacheEntry } from './entry-cache.ts';
import type { StoreRecord } from './record.ts';
import type { Store, StorePatch } from './schema.ts';
import { storeFrom } from './store-from.ts';

/**
 * Renames, suspends or resumes a store with a merge patch. A patch without effect writes nothing. The change takes
 * effect at once in this container, and within `STORE_FRESH_MS` in others.
 *
 * @param expected the versions that may be changed
 * @throws {NotFound} when there is no such store
 * @throws {StoreNotWritable} when the store is closing or closed
 * @throws {StaleTag} when the store's version is not `expected`
 */
export function patchStore(
  { id, patch, expected }: { id: VisibleStoreId; patch: StorePatch; expected: ExpectedVersions },
  signal: AbortSignal,
): Promise<Store> {
  return untilUnchanged(async () => {
    const current = await readEntry(id, signal);
    if (isClosing(current))
      throw new StoreNotWritable(`The store is ${current.status} and can no longer be changed.`);
    if (!isExpected(expected, current)) throw staleVersion(current);
    const { name = current.name, status = current.status } = patch;
    if (name === current.name && status === current.status) return storeFrom(current);
    const freezing = status === 'active' ? thaw : freeze(current);
    const changed = await writeChange(current, { $set: { name, status }, ...freezing }, signal);
    return changed ? storeFrom(changed) : CHANGED_MEANWHILE;
  });
}

/**
 * Starts to close a store: from now on it rejects writes, and it cannot be reopened. If it is already closing or
 * closed, its entry is returned unchanged.
 *
 * @param expected the versions that may be closed. Closing changes the version, so a store that is closing or closed
 *   also matches by the versions that it had since before the closing. The same request can therefore be repeated
 * @throws {NotFound} when there is no such store
 * @throws {StaleTag} when none of these versions is `expected`
 */
export function beginClosing(
  { id, expected }: { id: VisibleStoreId; expected: ExpectedVersions },
  signal: AbortSignal,
): Promise<StoreRecord> {
  return untilUnchanged(async () => {
    const current = await readEntry(id, signal);
    const closingSteps = { active: 0, suspended: 0, closing: 1, closed: 2 }[current.status];
    const versions = Array.from({ length: closingSteps + 1 }, (_, i) => current.version - i);
    if (!versions.some((version) => isExpected(expected, { version }))) throw staleVersion(current);
    if (isClosing(current)) return current;
    const $currentDate = { ...freeze(current).$currentDate, closingAt: true as const };
    const closing = { $set: { status: 'closing' as const }, $currentDate };
    return (await writeChange(current, closing, signal)) ?? CHANGED_MEANWHILE;
  });
}

/** Marks a store as closed, after its database was dropped. Its entry is kept, so that its id is never reused. */
export async function endClosing(closing: StoreRecord, signal: AbortSignal): Promise<void> {
  await writeChange(closing, { $set: { status: 'closed' } }, signal);
}

/**
 * Returns the milliseconds for which a write may still be running that another container accepted while the store was
 * writable; zero or less when none is. The server compares, because the clock of a container can be wrong by any time.
 */
export async function msToDrain({ _id }: StoreRecord, signal: AbortSignal): Promise<number> {
  const registry = await openRegistry(signal);
  const { drainMs } = settings().stores;
  const end = { $add: [{ $ifNull: ['$frozenAt', '$$NOW'] }, drainMs] };
  const [{ ms = drainMs } = {}] = await registry.aggregate<{ ms: number }>([
    { $match: { _id } },
    { $project: { ms: { $subtract: [end, '$$NOW'] } } },
  ]);
  return ms;
}

const isClosing = ({ status }: StoreRecord) => status === 'closing' || status === 'closed';

/** A change of an entry. The server sets the dates when it applies the change, which may be later than when it was sent. */
interface EntryChange {
  $set: Partial<StoreRecord>;
  $currentDate?: { frozenAt?: true; closingAt?: true };
  $unset?: { frozenAt: 1 };
}

/** The part of a change that makes a store read-only. A store that is already read-only keeps its `frozenAt`. */
const freeze = ({ frozenAt }: StoreRecord): Pick<EntryChange, '$currentDate'> =>
  frozenAt ? {} : { $currentDate: { frozenAt: true } };
const thaw: Pick<EntryChange, '$unset'> = { $unset: { frozenAt: 1 } };

/** Changes a store that still has the version of `current`. Returns its new entry, or null if the version differs. */
async function writeChange(
  current: StoreRecord,
  change: EntryChange,
  signal: AbortSignal,
): Promise<StoreRecord | null> {
  const registry = await openRegistry(signal);
  const sentAt = thisMoment();
  const $currentDate = { ...change.$currentDate, updatedAt: true };
  const update = { ...change, $currentDate, $inc: { version: 1 as const } };
  const changed = await registry.updateIfVersion(current, update);
  return changed && cacheEntry(changed, sentAt);
}
