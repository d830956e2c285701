import { retryOnce } from '@manystore/connections';
import { type ExpectedVersions, isExpected, staleVersion } from '../http/etag.ts';
import { StoreNotWritable } from '../http/problems.ts';
import type { VisibleStoreId } from '../http/visible-stores.ts';
import { readEntry } from './entries.ts';
import { remember } from './fresh-entries.ts';
import { Registry, type StoreRecord } from './record.ts';
import type { Store, StorePatch } from './schema.ts';
import { storeFrom } from './store-from.ts';

/**
 * Changes a store by a merge patch: gives it another name, suspends or resumes it. A patch that changes
 * nothing writes nothing. This container knows the change at once, others within `STORE_FRESH_MS`.
 *
 * @param expected the versions in which it may be changed
 * @throws {NotFound} when there is no such store
 * @throws {StoreNotWritable} when it is closing or closed
 * @throws {StaleTag} when it has none of the `expected` versions
 */
export async function patchStore(
  { id, patch, expected }: { id: VisibleStoreId; patch: StorePatch; expected: ExpectedVersions },
  signal: AbortSignal,
): Promise<Store> {
  // Of those who write at once, one succeeds each time round: this ends, at the latest with the deadline.
  for (;;) {
    const current = await readEntry(id, signal);
    if (isClosing(current))
      throw new StoreNotWritable(`The store is ${current.status}: it cannot be changed.`);
    if (!isExpected(expected, current)) throw staleVersion(current);
    const { name = current.name, status = current.status } = patch;
    if (name === current.name && status === current.status) return storeFrom(current);
    const change = { $set: { name, status }, ...(status === 'active' ? thaw : freeze(current)) };
    const changed = await writeChange(current, change, signal);
    if (changed) return storeFrom(changed);
  }
}

/**
 * Begins to close a store, or gives its entry when that has begun: from now on it takes no writes, and
 * there is no way back.
 *
 * @param expected the versions in which the store may be closed. The same request can be sent again, although
 *   closing makes new versions
 * @throws {NotFound} when there is no such store
 * @throws {StaleTag} when it had none of the `expected` versions
 */
export async function beginClosing(
  { id, expected }: { id: VisibleStoreId; expected: ExpectedVersions },
  signal: AbortSignal,
): Promise<StoreRecord> {
  for (;;) {
    const current = await readEntry(id, signal);
    const made = { active: 0, suspended: 0, closing: 1, closed: 2 }[current.status];
    const versions = Array.from({ length: made + 1 }, (_, i) => current.version - i);
    if (!versions.some((version) => isExpected(expected, { version }))) throw staleVersion(current);
    if (isClosing(current)) return current;
    const change = { $set: { status: 'closing', closingAt: new Date() }, ...freeze(current) };
    const closing = await writeChange(current, change, signal);
    if (closing) return closing;
  }
}

/** The store's database is gone. Its entry stays, so that nobody is given its id again. */
export async function endClosing(closing: StoreRecord, signal: AbortSignal): Promise<void> {
  await writeChange(closing, { $set: { status: 'closed' } }, signal);
}

const isClosing = ({ status }: StoreRecord) => status === 'closing' || status === 'closed';

/** The server's clock, when it writes: the write may have waited. A store that took no writes before stays so. */
const freeze = ({ frozenAt }: StoreRecord) =>
  frozenAt ? {} : { $currentDate: { frozenAt: true } };
const thaw = { $unset: { frozenAt: 1 } };

/** Writes a change of the version `current`; null when that is not the version any more. */
async function writeChange(
  { _id, version }: StoreRecord,
  change: object,
  signal: AbortSignal,
): Promise<StoreRecord | null> {
  const askedAt = Date.now();
  const changed = await retryOnce(() =>
    Registry.findOneAndUpdate(
      { _id, version },
      { ...change, $inc: { version: 1 } },
      { returnDocument: 'after', lean: true, signal },
    ),
  );
  return changed && remember(changed, askedAt);
}
