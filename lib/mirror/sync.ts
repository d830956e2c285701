import { isUnavailable } from '@manystore/connections';
import pMap from 'p-map';
import { openArchive } from '../archive/archive.ts';
import { reportFailure } from '../connections.ts';
import { requireServer } from '../documents/database.ts';
import type { TaskTime } from '../http/task-contract.ts';
import { describeError, log } from '../runtime/log.ts';
import { SERVER_NAMES } from '../runtime/servers.ts';
import { everyStore } from '../stores/every-store.ts';
import type { StoreRecord } from '../stores/record.ts';
import { openMirror } from './mirror.ts';
import type { SyncInput, SyncResult } from './schema.ts';
import { type Places, syncStore } from './store-sync.ts';
import type { WatermarkRecord } from './watermark-record.ts';
import { Overtaken } from './watermarks.ts';

/** Stores at a time: the primary's pool has five sockets. */
const CONCURRENCY = 4;
const MAX_FAILURES = 20;

/**
 * Brings the mirror up to date with the stores: those first whose turn is longest ago. What there is no time
 * for remains for the next run, which goes on where this one stopped. A store that fails does not stop the
 * others.
 *
 * @param input which stores, if not all of them; and whether from the start
 * @throws an error of the connection when a whole server is away
 */
export async function syncStores(
  input: SyncInput,
  { signal: deadline, hasTime }: TaskTime,
): Promise<SyncResult> {
  // When the run fails as a whole, its other stores stop too: what a frozen container would write when it
  // is thawed might be long out of date.
  const halt = new AbortController();
  const signal = AbortSignal.any([deadline, halt.signal]);
  const time = { signal, hasTime };
  const places: Places = { ...(await openMirror(signal)), archive: await openArchive(signal) };
  if (input.from === 'start') await places.watermarks.startAnew(input.stores);
  const result: SyncResult = {
    ...{ stores: 0, copied: 0, removed: 0, failed: 0, remaining: 0 },
    failures: [],
  };
  const fail = (store: string, reason: string) => {
    result.failed += 1;
    if (result.failures.length < MAX_FAILURES) result.failures.push({ store, reason });
  };
  const { due, unknown } = await storesInTurn(places, input.stores, signal);
  for (const id of unknown) fail(id, 'The store does not exist.');
  await pMap(
    due,
    async ({ store, mark }) => {
      if (!time.hasTime()) {
        result.remaining += 1;
        return;
      }
      try {
        const { copied, removed, isDone } = await syncStore(places, store, mark, time);
        result.copied += copied;
        result.removed += removed;
        result[isDone ? 'stores' : 'remaining'] += 1;
      } catch (error) {
        if (error instanceof Overtaken) {
          result.remaining += 1;
          return;
        }
        await requireServers(error, signal).catch((cause) => {
          halt.abort(cause);
          throw cause;
        });
        log.error('sync-mirror.store', { store: store._id, error: describeError(error) });
        fail(store._id, reasonOf(error));
        // If this fails too, the store just comes first again.
        await places.watermarks.noteTurn(store._id).catch(() => undefined);
      }
    },
    { concurrency: CONCURRENCY },
  );
  return result;
}

interface Due {
  store: StoreRecord;
  mark: WatermarkRecord | undefined;
}

/** The stores to sync, the one whose turn is longest ago first. Closed ones that have left are not among them. */
async function storesInTurn(
  { watermarks }: Places,
  ids: string[] | undefined,
  signal: AbortSignal,
): Promise<{ due: Due[]; unknown: Set<string> }> {
  const due: Due[] = [];
  const unknown = new Set(ids);
  for await (const page of everyStore(signal, { ids })) {
    const pageIds = page.map(({ _id }) => _id);
    const marks = await watermarks.of(pageIds);
    for (const store of page) {
      unknown.delete(store._id);
      const mark = marks.get(store._id);
      if (!(store.status === 'closed' && mark?.settled)) due.push({ store, mark });
    }
  }
  const turnOf = ({ mark }: Due) => mark?.triedAt.getTime() ?? 0;
  return { due: due.sort((a, b) => turnOf(a) - turnOf(b)), unknown };
}

/**
 * After the failure of a store: goes on if both servers answer, so that it is this store's alone.
 *
 * @throws `error` when there is no time left; what a server that does not answer brings
 */
async function requireServers(error: unknown, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw error;
  if (!isUnavailable(error)) return;
  reportFailure(error);
  for (const server of SERVER_NAMES) await requireServer(server, signal);
}

const reasonOf = (error: unknown): string =>
  isUnavailable(error)
    ? "The store's database is not responding."
    : 'The store could not be synced; see the log.';
