import { CHANGED_MEANWHILE, untilUnchanged } from '../documents/until-unchanged.ts';
import { type ExpectedVersions, isExpected, staleVersion } from '../http/etag.ts';
import { StoreNotWritable } from '../http/problems.ts';
import type { VisibleStoreId } from '../http/visible-stores.ts';
import { openRegistry, readEntry } from './entries.ts';
import { remember } from './fresh-entries.ts';
import type { StoreRecord } from './record.ts';
import type { Store, StorePatch } from './schema.ts';
import { storeFrom } from './store-from.ts';

/**
 * Changes a store by a merge patch: renames, suspends or resumes it. A patch that changes nothing writes nothing.
 * The change takes effect in this container at once, in others within `STORE_FRESH_MS`.
 *
 * @param expected the versions in which it may be changed
 * @throws {NotFound} when there is no such store
 * @throws {StoreNotWritable} when it is closing or closed
 * @throws {StaleTag} when it has none of the `expected` versions
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
    const changed = await writeChange(current, { name, status }, freezing, signal);
    return changed ? storeFrom(changed) : CHANGED_MEANWHILE;
  });
}

/**
 * Begins to close a store, or returns its entry when that has begun: from now on it takes no writes, and there is no
 * way back.
 *
 * @param expected the versions in which the store may be closed. The same request can be sent again, although
 *   closing makes new versions
 * @throws {NotFound} when there is no such store
 * @throws {StaleTag} when it had none of the `expected` versions
 */
export function beginClosing(
  { id, expected }: { id: VisibleStoreId; expected: ExpectedVersions },
  signal: AbortSignal,
): Promise<StoreRecord> {
  return untilUnchanged(async () => {
    const current = await readEntry(id, signal);
    const made = { active: 0, suspended: 0, closing: 1, closed: 2 }[current.status];
    const versions = Array.from({ length: made + 1 }, (_, i) => current.version - i);
    if (!versions.some((version) => isExpected(expected, { version }))) throw staleVersion(current);
    if (isClosing(current)) return current;
    const change = { status: 'closing' as const, closingAt: new Date() };
    return (await writeChange(current, change, freeze(current), signal)) ?? CHANGED_MEANWHILE;
  });
}

/** Marks a store as closed: its database is gone. Its entry stays, so that its id is never given out again. */
export async function endClosing(closing: StoreRecord, signal: AbortSignal): Promise<void> {
  await writeChange(closing, { status: 'closed' }, {}, signal);
}

const isClosing = ({ status }: StoreRecord) => status === 'closing' || status === 'closed';

/** Notes the server's clock at the write, which may have waited. A store that takes no writes keeps its date. */
const freeze = ({ frozenAt }: StoreRecord) =>
  frozenAt ? {} : { $currentDate: { frozenAt: true } };
const thaw = { $unset: { frozenAt: 1 } };

/** Writes a change of the version `current`. Returns null when the store has another version. */
async function writeChange(
  current: StoreRecord,
  change: Partial<StoreRecord>,
  freezing: { $currentDate?: object; $unset?: object },
  signal: AbortSignal,
): Promise<StoreRecord | null> {
  const registry = await openRegistry(signal);
  const askedAt = Date.now();
  const $set = { ...change, updatedAt: new Date() };
  const update = { $set, ...freezing, $inc: { version: 1 as const } };
  const changed = await registry.updateIfVersion(current, update);
  return changed && remember(changed, askedAt);
}
