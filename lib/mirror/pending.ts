import { createHash } from 'node:crypto';
import { deadlineIn } from '@manystore/connections';
import { serverNow } from '../connections.ts';
import { describeError, log } from '../runtime/log.ts';
import { forEachByCluster } from '../stores/by-cluster.ts';
import { isUnauthorized, marksOf, SETTLED_AFTER_MS } from '../stores/change-marks.ts';
import { everyStore } from '../stores/every-store.ts';
import type { StoreRecord } from '../stores/record.ts';
import { clusterOf } from '../stores/registry.ts';
import { MAX_RUN_MS } from './store-sync.ts';
import type { WatermarkRecord } from './watermark-record.ts';
import type { Watermarks } from './watermarks.ts';

/*
 * Selects the stores that a run queries: those whose mirrored products may be outdated according to the marks, which are
 * written before each change. Each of the other stores is queried once an hour, to find changes without a mark.
 */

/** A store whose database a run queries. */
export interface PendingStore {
  store: StoreRecord;
  watermark: WatermarkRecord | undefined;
  /** Whether nothing indicates a change, and the store is queried because its hourly check is due. */
  isCheck: boolean;
}

/** The stores of a run. */
export interface Selection {
  /** When the selection began, by the clock of the primary. */
  now: Date;
  /** The stores to query, the one whose last attempt is longest ago first. */
  pending: PendingStore[];
  /** How many other stores are up to date. */
  unchanged: number;
  /** The requested ids that are not in the registry. */
  unknown: Set<string>;
  /** The age of the store whose last complete sync is longest ago, in seconds; 0 if none was ever synced. */
  lagSeconds: number;
}

/** Each store without marks is checked this often: with the time until the next run, at least once an hour. */
const CHECKED_EVERY_MS = 55 * 60_000;
const MARKS_TIMEOUT_MS = 5_000;
const CONCURRENCY = 4;

/**
 * Selects the stores to sync. Closed stores that are already removed from the mirror are left out. The others that need
 * no query are recorded as up to date.
 *
 * @param ids the stores to sync, whether they have marks or not; by default, all that need it
 */
export async function selectStores(
  watermarks: Watermarks,
  ids: string[] | undefined,
  signal: AbortSignal,
): Promise<Selection> {
  // Read first: a change that was committed before it has a mark by the time the marks are read.
  const now = await serverNow(signal);
  const known: PendingStore[] = [];
  const unknown = new Set(ids);
  for await (const page of everyStore(signal, { ids })) {
    const synced = await watermarks.findByIds(page.map(({ _id }) => _id));
    for (const store of page) {
      unknown.delete(store._id);
      const watermark = synced.get(store._id);
      if (!(store.status === 'closed' && watermark?.settled))
        known.push({ store, watermark, isCheck: false });
    }
  }
  const pending = ids ? known : await withoutUnchanged(known, now, signal);
  const unchanged = known.length - pending.length;
  const except = pending.map(({ store }) => store._id);
  if (unchanged > 0) await watermarks.confirm(now, { except });
  const lastAttempt = ({ watermark }: PendingStore) => watermark?.triedAt.getTime() ?? 0;
  pending.sort((a, b) => lastAttempt(a) - lastAttempt(b));
  return { now, pending, unchanged, unknown, lagSeconds: lagOf(known, now) };
}

function lagOf(known: readonly PendingStore[], now: Date): number {
  const oldest = known.reduce(
    (before, { watermark }) => Math.min(before, watermark?.syncedAt?.getTime() ?? before),
    now.getTime(),
  );
  return Math.round((now.getTime() - oldest) / 1_000);
}

async function withoutUnchanged(
  known: readonly PendingStore[],
  now: Date,
  signal: AbortSignal,
): Promise<PendingStore[]> {
  const marks = await readMarks(new Set(known.map(({ store }) => clusterOf(store))), now, signal);
  return known.flatMap((one) => {
    const unchangedSince = lastLook(one, marks.get(clusterOf(one.store)), now);
    if (unchangedSince === undefined) return [one];
    return isCheckDue(one.store, unchangedSince, now) ? [{ ...one, isCheck: true }] : [];
  });
}

/** The marks of each cluster that could be read, by store id. */
type Marks = Map<string, ReadonlyMap<string, Date>>;

/** Reads the marks of clusters, with one query each. All stores of a cluster without marks are queried. */
async function readMarks(clusters: Set<string>, now: Date, signal: AbortSignal): Promise<Marks> {
  const marks: Marks = new Map();
  // An older mark is settled before the last check of its store.
  const since = new Date(now.getTime() - CHECKED_EVERY_MS - SETTLED_AFTER_MS);
  const read = async (cluster: string) => {
    using timeout = deadlineIn(MARKS_TIMEOUT_MS);
    try {
      const either = AbortSignal.any([signal, timeout.signal]);
      marks.set(cluster, await marksOf(cluster, since, either));
    } catch (error) {
      signal.throwIfAborted();
      // The user of a store's own cluster may have no rights for the marks.
      if (!isUnauthorized(error))
        log.warn('sync-mirror.marks', { cluster, error: describeError(error) });
    }
  };
  await forEachByCluster([...clusters], (cluster) => cluster, CONCURRENCY, read);
  return marks;
}

/**
 * Returns when the last complete sync of a store began, if nothing has changed since; otherwise undefined.
 *
 * A mark covers changes that are committed until {@link SETTLED_AFTER_MS} after it. So a store stays pending until a sync
 * has begun after that time, and a change right after a sync that has seen the mark is not missed.
 */
function lastLook(
  { store, watermark }: PendingStore,
  marks: ReadonlyMap<string, Date> | undefined,
  now: Date,
): number | undefined {
  const { products, archive, name, syncedAt } = watermark ?? {};
  if (!marks || !products?.through || !archive?.through || !syncedAt) return undefined;
  if (products.walk || archive.walk || name !== store.name || store.status === 'closed')
    return undefined;
  const ends = [products.through.getTime(), archive.through.getTime()];
  const through = Math.min(...ends);
  const markedAt = marks.get(store._id)?.getTime() ?? 0;
  const settledAt = Math.max(markedAt + SETTLED_AFTER_MS, store.updatedAt.getTime() + MAX_RUN_MS);
  // One is ahead if a server's clock was. Then it cannot be compared with the marks.
  const isAhead = Math.max(...ends) > now.getTime();
  return settledAt < through && !isAhead ? through : undefined;
}

/** Returns whether a store's hourly check is due. Each has its own minute of the hour, so they are spread over the runs. */
function isCheckDue({ _id }: StoreRecord, through: number, now: Date): boolean {
  const offset = createHash('sha256').update(_id).digest().readUInt32BE() % CHECKED_EVERY_MS;
  const round = (time: number) => Math.floor((time - offset) / CHECKED_EVERY_MS);
  return round(through) < round(now.getTime());
}
