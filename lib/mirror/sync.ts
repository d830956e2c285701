import { isUnavailable } from '@manystore/connections';
import { openArchive } from '../archive/archive.ts';
import { reportFailure, serverNow } from '../connections.ts';
import { requireServer } from '../documents/database.ts';
import type { TaskTime } from '../http/task-contract.ts';
import { ClusterUnavailable } from '../runtime/cluster-strings.ts';
import { describeError, log } from '../runtime/log.ts';
import { SERVER_NAMES } from '../runtime/servers.ts';
import { forEachByCluster } from '../stores/by-cluster.ts';
import { everyStore } from '../stores/every-store.ts';
import type { StoreRecord } from '../stores/record.ts';
import { clusterOf } from '../stores/registry.ts';
import { Inspection, inspectHeadCatalog } from './inspection.ts';
import { openMirror } from './mirror.ts';
import type { SyncInput, SyncResult } from './schema.ts';
import { type SyncCollections, syncStore } from './store-sync.ts';
import type { WatermarkRecord } from './watermark-record.ts';
import { Superseded } from './watermarks.ts';

/** The number of stores that are synced at the same time. The task's contract declares their sockets. */
const CONCURRENCY = 4;
const MAX_FAILURES = 20;

/**
 * Brings the mirror up to date with the stores, starting with the store whose last sync is longest ago. If the time is
 * not sufficient, the next run continues where this one stopped. A store that fails does not stop the others.
 *
 * @param input the stores, by default all; and whether to sync them from the start
 * @throws the driver's error when a server is unavailable
 */
export async function syncStores(
  input: SyncInput,
  { signal: deadline, hasTime }: TaskTime,
): Promise<SyncResult> {
  // When the run fails as a whole, the work on all stores is aborted. Otherwise Lambda could freeze the container, and
  // the work would later continue with outdated data.
  const halt = new AbortController();
  const signal = AbortSignal.any([deadline, halt.signal]);
  const time = { signal, hasTime };
  const inspection = new Inspection();
  const collections: SyncCollections = {
    ...(await openMirror(signal)),
    archive: await openArchive(signal),
    inspection,
  };
  if (input.from === 'start') await collections.watermarks.restart(input.stores);
  const result: Omit<SyncResult, keyof ReturnType<Inspection['result']>> = {
    ...{ stores: 0, copied: 0, removed: 0, failed: 0, remaining: 0 },
    failures: [],
  };
  const fail = (store: string, reason: string) => {
    result.failed += 1;
    if (result.failures.length < MAX_FAILURES) result.failures.push({ store, reason });
  };
  const { pending, unknown } = await storesToSync(collections, input.stores, signal);
  for (const id of unknown) fail(id, 'The store does not exist.');
  if (!input.stores) result.lagSeconds = lagOf(pending, await serverNow(signal));
  await forEachByCluster(
    pending,
    ({ store }) => clusterOf(store),
    CONCURRENCY,
    async ({ store, watermark }) => {
      if (!time.hasTime()) {
        result.remaining += 1;
        return;
      }
      try {
        const { copied, removed, isDone } = await syncStore(collections, store, watermark, time);
        result.copied += copied;
        result.removed += removed;
        result[isDone ? 'stores' : 'remaining'] += 1;
      } catch (error) {
        if (error instanceof Superseded) {
          result.remaining += 1;
          return;
        }
        await requireServers(error, signal).catch((cause) => {
          halt.abort(cause);
          throw cause;
        });
        log.error('sync-mirror.store', { store: store._id, error: describeError(error) });
        fail(store._id, reasonOf(error));
        // If this fails too, the next run starts with this store again.
        await collections.watermarks.recordAttempt(store._id).catch(() => undefined);
      }
    },
  );
  if (input.from === 'start' && !input.stores) await inspectHeadCatalog(inspection, time);
  return { ...result, ...inspection.result() };
}

/** Returns the age of the store whose last complete sync is longest ago, in seconds; 0 if none was ever synced. */
function lagOf(pending: readonly PendingStore[], now: Date): number {
  const oldest = pending.reduce(
    (before, { watermark }) => Math.min(before, watermark?.syncedAt?.getTime() ?? before),
    now.getTime(),
  );
  return Math.round((now.getTime() - oldest) / 1_000);
}

interface PendingStore {
  store: StoreRecord;
  watermark: WatermarkRecord | undefined;
}

/**
 * Returns the stores to sync, the one whose last attempt is longest ago first, without the closed stores that are
 * already removed from the mirror; and the requested ids that are not in the registry.
 */
async function storesToSync(
  { watermarks }: SyncCollections,
  ids: string[] | undefined,
  signal: AbortSignal,
): Promise<{ pending: PendingStore[]; unknown: Set<string> }> {
  const pending: PendingStore[] = [];
  const unknown = new Set(ids);
  for await (const page of everyStore(signal, { ids })) {
    const pageIds = page.map(({ _id }) => _id);
    const known = await watermarks.findByIds(pageIds);
    for (const store of page) {
      unknown.delete(store._id);
      const watermark = known.get(store._id);
      if (!(store.status === 'closed' && watermark?.settled)) pending.push({ store, watermark });
    }
  }
  const lastAttempt = ({ watermark }: PendingStore) => watermark?.triedAt.getTime() ?? 0;
  return { pending: pending.sort((a, b) => lastAttempt(a) - lastAttempt(b)), unknown };
}

/**
 * Checks after the failure of one store that both servers respond, so that the run can continue with the others.
 *
 * @throws `error` when the time is over, and the driver's error when a server does not respond
 */
async function requireServers(error: unknown, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw error;
  if (!isUnavailable(error)) return;
  reportFailure(error);
  for (const server of SERVER_NAMES) await requireServer(server, signal);
}

const reasonOf = (error: unknown): string =>
  isUnavailable(error) || error instanceof ClusterUnavailable
    ? "The store's database is not responding."
    : 'The store could not be synced; see the log.';
