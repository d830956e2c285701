import { DeadlineExceeded, isUnavailable } from '@manystore/connections';
import pMap from 'p-map';
import { connect, leaseCluster, leaseStore, reportFailure } from '../connections.ts';
import type { TaskTime } from '../http/task-contract.ts';
import { PRIMARY_CLUSTER } from '../runtime/cluster-names.ts';
import { ClusterUnavailable, clusterNames } from '../runtime/cluster-strings.ts';
import { describeError, log } from '../runtime/log.ts';
import { SERVER_NAMES } from '../runtime/servers.ts';
import { forEachByCluster } from '../stores/by-cluster.ts';
import { isUnauthorized } from '../stores/change-marks.ts';
import { readEntry } from '../stores/entries.ts';
import { countOpenStores, everyStore, OPEN_STATUSES } from '../stores/every-store.ts';
import { type AdmittedStore, admittedFrom } from '../stores/registry.ts';
import { type Alignment, alignIndexes } from './alignment.ts';
import { modelsIn } from './collections.ts';
import type { PlaceResult, RollOutInput, RollOutResult } from './schema.ts';

/** The number of stores that are processed at the same time. The task's contract declares their sockets. */
const CONCURRENCY = 4;

/**
 * Compares the indexes of every database with the schemas, and in the mode `apply` applies the differences. A database
 * that fails does not stop the others, unless its server is unavailable.
 *
 * It stops between stores when little time is left, and returns where to continue. It can be repeated, because existing
 * indexes are not created again. Stores remain writable: since MongoDB 4.2, an index build locks a collection only
 * briefly at its start and end.
 */
export async function rollOut(
  { after, limit, ...how }: RollOutInput,
  { signal, hasTime }: TaskTime,
): Promise<RollOutResult> {
  const clusters = (await clusterNames()).filter((name) => name !== PRIMARY_CLUSTER);
  const total = SERVER_NAMES.length + clusters.length + (await countOpenStores(signal));
  const reports: DatabaseReport[] = [];
  const check = async (place: string, align: () => Promise<Alignment>) => {
    const report = await reportOf(place, how, align);
    reports.push(report);
    return report;
  };
  if (after === undefined) {
    await Promise.all(
      SERVER_NAMES.map((server) =>
        check(server, async () =>
          alignIndexes(modelsIn(server, await connect(server, signal)), how, signal),
        ),
      ),
    );
    const checkCluster = (name: string) =>
      check(name, async () => {
        using lease = await leaseCluster(name, signal);
        const models = modelsIn('cluster', lease.connection);
        return await alignIndexes(models, how, signal).catch(unlessUnauthorized);
      });
    await pMap(clusters, checkCluster, { concurrency: CONCURRENCY });
  }

  const entries = everyStore(signal, { statuses: OPEN_STATUSES, after, pageSize: limit + 1 });
  const { value = [] } = await entries.next();
  const stores: AdmittedStore[] = value.map(admittedFrom);
  const begun = new Set<AdmittedStore>();
  let isUnreachable = false;
  const checkStore = async (store: AdmittedStore) => {
    // At least the first store is processed, so that repeated invocations always make progress.
    if (begun.size > 0 && (isUnreachable || !hasTime())) return;
    begun.add(store);
    // The store may have been closed since its entry was read. Creating an index would create its database again.
    const requireOpen = async () => {
      const { status } = await readEntry(store.id, signal);
      if (!OPEN_STATUSES.some((open) => open === status)) throw new StoreClosed();
    };
    const report = await check(`store_${store.id}`, async () => {
      using lease = await leaseStore(store, signal);
      return await alignIndexes(modelsIn('store', lease.connection), how, signal, requireOpen);
    });
    // Without another cluster, the stores of that cluster fail, and the others do not.
    isUnreachable ||= report.isUnreachable && store.cluster === PRIMARY_CLUSTER;
  };
  const clusterOf = ({ cluster }: AdmittedStore) => cluster;
  await forEachByCluster(stores.slice(0, limit), clusterOf, CONCURRENCY, checkStore);
  // Stores of other clusters may have been processed after the first one that was not. They are processed again.
  const rest = stores.findIndex((store) => !begun.has(store));

  const places = reports.flatMap(({ result }) => result ?? []);
  const failed = places.filter(({ result }) => result === 'failed').length;
  return {
    mode: how.mode,
    total,
    checked: reports.length,
    changed: places.length - failed,
    failed,
    places: places.toSorted((one, other) => (one.place < other.place ? -1 : 1)),
    next: stores[rest - 1]?.id ?? null,
  };
}

/**
 * Returns that nothing is to be done if the database user has rights for the databases of stores only: then no transfer
 * and no mark can be written there either.
 */
function unlessUnauthorized(error: unknown): Alignment {
  if (isUnauthorized(error)) return { create: [], drop: [], reasons: [] };
  throw error;
}

/** A store was closed during the run, and needs no indexes any more. */
class StoreClosed extends Error {
  override readonly name = 'StoreClosed';
}

interface DatabaseReport {
  /** Undefined for a database without differences. */
  result: PlaceResult | undefined;
  isUnreachable: boolean;
}

async function reportOf(
  place: string,
  { mode }: Pick<RollOutInput, 'mode'>,
  align: () => Promise<Alignment>,
): Promise<DatabaseReport> {
  try {
    const { create, drop, reasons } = await align();
    const isFailed = reasons.length > 0;
    if (!isFailed && create.length + drop.length === 0)
      return { result: undefined, isUnreachable: false };
    const done = mode === 'plan' ? 'planned' : 'done';
    const reason = isFailed ? { reason: reasons.join('; ') } : {};
    return {
      result: { place, create, drop, result: isFailed ? 'failed' : done, ...reason },
      isUnreachable: false,
    };
  } catch (error) {
    if (error instanceof StoreClosed) return { result: undefined, isUnreachable: false };
    reportFailure(error);
    log.warn('place.failed', { place, error: describeError(error) });
    return {
      result: { place, create: [], drop: [], result: 'failed', reason: reasonFor(error) },
      isUnreachable: isUnavailable(error),
    };
  }
}

function reasonFor(error: unknown): string {
  if (error instanceof DeadlineExceeded)
    return 'timed out; the server continues to build an index that it has started';
  if (error instanceof ClusterUnavailable) return 'its cluster has no valid connection string';
  if (isUnavailable(error)) return 'the server is not responding';
  return 'unexpected error; see the log';
}
