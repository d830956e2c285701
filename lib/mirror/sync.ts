import { isUnavailable } from '@manystore/connections';
import { openArchive } from '../archive/archive.ts';
import { reportFailure } from '../connections.ts';
import { requireServer } from '../documents/database.ts';
import type { TaskTime } from '../http/task-contract.ts';
import { ClusterUnavailable } from '../runtime/cluster-strings.ts';
import { describeError, log } from '../runtime/log.ts';
import { SERVER_NAMES } from '../runtime/servers.ts';
import { forEachByCluster } from '../stores/by-cluster.ts';
import { clusterOf } from '../stores/registry.ts';
import { hasChanged, newestArchived } from './check.ts';
import { Inspection, inspectHeadCatalog } from './inspection.ts';
import { openMirror } from './mirror.ts';
import { selectStores } from './pending.ts';
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
 * @param input the stores, by default all that may have changed; and whether to sync them from the start
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
    ...{ stores: 0, checked: 0, copied: 0, removed: 0, failed: 0, remaining: 0 },
    failures: [],
  };
  const fail = (store: string, reason: string) => {
    result.failed += 1;
    if (result.failures.length < MAX_FAILURES) result.failures.push({ store, reason });
  };
  const { now, pending, ...others } = await selectStores(
    collections.watermarks,
    input.stores,
    signal,
  );
  result.stores = others.unchanged;
  for (const id of others.unknown) fail(id, 'The store does not exist.');
  if (!input.stores) result.lagSeconds = others.lagSeconds;
  const checks = pending.filter(({ isCheck }) => isCheck);
  const archived = await newestArchived(collections.archive, checks, now);
  const unchanged: WatermarkRecord[] = [];
  await forEachByCluster(
    pending,
    ({ store }) => clusterOf(store),
    CONCURRENCY,
    async (one) => {
      const { store, watermark, isCheck } = one;
      if (!time.hasTime()) {
        result.remaining += 1;
        return;
      }
      result.checked += 1;
      try {
        const isToSync = !isCheck || (await hasChanged(one, archived.get(store._id), now, signal));
        if (watermark && !isToSync) {
          unchanged.push(watermark);
          result.stores += 1;
          return;
        }
        const { copied, removed, isDone } = await syncStore(collections, store, watermark, time);
        result.copied += copied;
        result.removed += removed;
        result[isDone ? 'stores' : 'remaining'] += 1;
        if (isCheck && copied + removed > 0)
          log.warn('sync-mirror.unmarked', { store: store._id, copied, removed });
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
  await collections.watermarks.recordChecks(unchanged, now);
  if (input.from === 'start' && !input.stores) await inspectHeadCatalog(inspection, time);
  return { ...result, ...inspection.result() };
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
