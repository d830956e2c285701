import { UnknownCluster } from '../http/problems.ts';
import { PRIMARY_CLUSTER } from '../runtime/cluster-names.ts';
import { ClusterUnavailable, clusterNames } from '../runtime/cluster-strings.ts';
import { reportUnavailable } from '../runtime/connection-events.ts';
import { settings } from '../runtime/settings.ts';
import { openRegistry } from './entries.ts';
import { OPEN_STATUSES } from './every-store.ts';

/**
 * Chooses the cluster of a new store: the requested one, or else `DEFAULT_CLUSTER`, or else the one with the fewest open
 * stores.
 *
 * @throws {UnknownCluster} when the requested cluster does not exist
 * @throws {ClusterUnavailable} when `DEFAULT_CLUSTER` does not exist
 * @throws {SecretsUnavailable} when the clusters cannot be listed
 */
export async function chooseCluster(
  requested: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const { fallback } = settings().clusters;
  const chosen = requested ?? fallback;
  if (chosen === PRIMARY_CLUSTER) return chosen;
  const names = await clusterNames();
  if (chosen === undefined) return leastUsed(names, signal);
  if (names.includes(chosen)) return chosen;
  if (requested !== undefined) throw new UnknownCluster(names);
  const error = new ClusterUnavailable(chosen, 'in DEFAULT_CLUSTER has no connection string');
  reportUnavailable(chosen, error);
  throw error;
}

/** Returns the cluster with the fewest open stores; of several, the first. */
async function leastUsed(names: readonly string[], signal: AbortSignal): Promise<string> {
  if (names.length <= 1) return PRIMARY_CLUSTER;
  const registry = await openRegistry(signal);
  const groups = await registry.aggregate<{ _id: string; stores: number }>([
    { $match: { status: { $in: [...OPEN_STATUSES] } } },
    { $group: { _id: { $ifNull: ['$cluster', PRIMARY_CLUSTER] }, stores: { $sum: 1 } } },
  ]);
  const counts = new Map(groups.map(({ _id, stores }) => [_id, stores]));
  const countOf = (name: string) => counts.get(name) ?? 0;
  return names.reduce((least, name) => (countOf(name) < countOf(least) ? name : least));
}
