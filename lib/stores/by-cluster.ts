import { PRIMARY_CLUSTER } from '../runtime/cluster-names.ts';
import { settings } from '../runtime/settings.ts';

/**
 * Works on stores of several clusters at the same time. On each cluster other than the primary, it works on at most as
 * many stores as its pool has sockets. So a cluster that does not respond does not stop the work on the others.
 *
 * Within a cluster, the stores are begun in their order. The cluster of the first store comes first, so that only a few
 * clusters are in use at the same time.
 *
 * @param clusterOf returns the cluster of a store
 * @param concurrency the maximum number of stores that are worked on at the same time
 * @throws the first error of `work`; no further store is begun then
 */
export async function forEachByCluster<T>(
  stores: readonly T[],
  clusterOf: (store: T) => string,
  concurrency: number,
  work: (store: T) => Promise<void>,
): Promise<void> {
  const queues = new Map<string, Queue<T>>();
  for (const store of stores) {
    const cluster = clusterOf(store);
    const limit = cluster === PRIMARY_CLUSTER ? concurrency : settings().clusters.poolSize;
    const queue = queues.get(cluster) ?? { waiting: [], begun: 0, running: 0, limit };
    queues.set(cluster, queue);
    queue.waiting.push(store);
  }
  let hasFailed = false;
  const worker = async () => {
    while (!hasFailed) {
      // When there is none, the workers that are busy with a cluster also do the rest of its stores.
      const queue = [...queues.values()].find(isReady);
      if (!queue) return;
      const store = queue.waiting[queue.begun] as T;
      queue.begun += 1;
      queue.running += 1;
      try {
        await work(store);
      } catch (error) {
        hasFailed = true;
        throw error;
      } finally {
        queue.running -= 1;
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** The stores of a cluster. */
interface Queue<T> {
  waiting: T[];
  /** How many of them were begun, and how many of these are not done. */
  begun: number;
  running: number;
  limit: number;
}

const isReady = ({ waiting, begun, running, limit }: Queue<unknown>): boolean =>
  begun < waiting.length && running < limit;
