import { deadlineIn, isUnavailable, monotonicMs } from '@manystore/connections';
import pMap from 'p-map';
import { pingCluster } from '../connections.ts';
import { type VisibleStores, visibleIn } from '../http/visible-stores.ts';
import { PRIMARY_CLUSTER } from '../runtime/cluster-names.ts';
import { ClusterUnavailable } from '../runtime/cluster-strings.ts';
import { describeError, log } from '../runtime/log.ts';
import { openRegistry } from '../stores/entries.ts';
import type { Overview } from './schema.ts';

type ClusterFigures = Overview['clusters'][number];

/** The time limit for each cluster, long enough for a first connection. */
const TIMEOUT_MS = 4_000;
/** The number of clusters that are asked at the same time. */
const CONCURRENCY = 4;

/**
 * Asks every cluster other than the primary that has a store of the caller, four at a time. A cluster that does not respond
 * within 4 s is reported as missing.
 */
export async function overviewOfClusters(
  visible: VisibleStores,
  signal: AbortSignal,
): Promise<ClusterFigures[]> {
  const counts = await countByCluster(visible, signal);
  return pMap(counts, (cluster) => ask(cluster, signal), { concurrency: CONCURRENCY });
}

interface Count {
  name: string;
  stores: number;
}

/** Counts the stores that are not closed and that the caller may see, by cluster, without those on the primary. */
async function countByCluster(visible: VisibleStores, signal: AbortSignal): Promise<Count[]> {
  using timeout = deadlineIn(TIMEOUT_MS);
  const registry = await openRegistry(AbortSignal.any([signal, timeout.signal]));
  const ids = visibleIn(visible);
  const isOpen = { ready: true, status: { $ne: 'closed' } };
  const groups = await registry.aggregate<{ _id: string | null; stores: number }>([
    { $match: { ...isOpen, ...(ids === undefined ? {} : { _id: ids }) } as never },
    { $group: { _id: '$cluster', stores: { $sum: 1 } } },
    { $sort: { _id: 1 } },
  ]);
  return groups.flatMap(({ _id: name, stores }) =>
    name === null || name === PRIMARY_CLUSTER ? [] : { name, stores },
  );
}

async function ask({ name, stores }: Count, signal: AbortSignal): Promise<ClusterFigures> {
  using timeout = deadlineIn(TIMEOUT_MS);
  const either = AbortSignal.any([signal, timeout.signal]);
  const start = monotonicMs();
  const ms = () => Math.round(monotonicMs() - start);
  try {
    await pingCluster(name, either);
    return { name, stores, status: 'answered', ms: ms() };
  } catch (error) {
    log.warn('report.missing', { cluster: name, error: describeError(error) });
    return { name, stores, status: 'missing', ms: ms(), reason: reasonFor(error, either) };
  }
}

function reasonFor(error: unknown, either: AbortSignal): string {
  if (either.aborted) return 'The cluster did not respond in time.';
  if (error instanceof ClusterUnavailable) return 'The cluster has no valid connection string.';
  if (isUnavailable(error)) return 'The cluster is not responding.';
  return 'The cluster could not be asked; see the log.';
}
