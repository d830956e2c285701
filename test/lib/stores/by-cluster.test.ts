import { describe, expect, it } from '@jest/globals';
import { settings } from '#lib/runtime/settings.ts';
import { forEachByCluster } from '#lib/stores/by-cluster.ts';

const CONCURRENCY = 4;
const { poolSize } = settings().clusters;

/** Stores such as `eu-1/0`. */
const storesOf = (cluster: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${cluster}/${n}`);
const clusterOf = (store: string) => store.split('/')[0] ?? '';

/** Works on stores, each of which is done when the test ends it. */
function begin(stores: string[]) {
  const running = new Map<string, PromiseWithResolvers<void>>();
  const begun: string[] = [];
  const done = forEachByCluster(stores, clusterOf, CONCURRENCY, (store) => {
    begun.push(store);
    const work = Promise.withResolvers<void>();
    running.set(store, work);
    return work.promise;
  });
  const end = async (store: string, error?: Error) => {
    const work = running.get(store);
    running.delete(store);
    if (error) work?.reject(error);
    else work?.resolve();
    await new Promise(setImmediate);
  };
  return { done, begun, running, end };
}

describe('work on stores by cluster', () => {
  it('begins each store once, in order within its cluster, and ends when all are done', async () => {
    const stores = [...storesOf('primary', 7), ...storesOf('eu-1', 5), ...storesOf('eu-2', 3)];
    const { done, begun, running, end } = begin(stores);
    while (running.size > 0) {
      expect(running.size).toBeLessThanOrEqual(CONCURRENCY);
      for (const store of [...running.keys()]) await end(store);
    }
    await done;
    expect([...begun].sort()).toEqual([...stores].sort());
    for (const cluster of ['primary', 'eu-1', 'eu-2']) {
      const own = (store: string) => clusterOf(store) === cluster;
      expect(begun.filter(own)).toEqual(stores.filter(own));
    }
  });

  it('continues with the others while a cluster does not respond', async () => {
    const { begun, running, end } = begin([...storesOf('eu-1', 9), ...storesOf('primary', 9)]);
    expect(begun.filter((store) => clusterOf(store) === 'eu-1')).toHaveLength(poolSize);
    for (let n = 0; n < 9; n++) await end(`primary/${n}`);
    expect(begun.filter((store) => clusterOf(store) === 'primary')).toHaveLength(9);
    expect(running.size).toBe(poolSize);
  });

  it('uses all of the concurrency for the primary', () => {
    expect(begin(storesOf('primary', 9)).begun).toHaveLength(CONCURRENCY);
  });

  it('begins no further store after an error, and throws it', async () => {
    const { done, begun, running, end } = begin(storesOf('primary', 9));
    const error = new Error('it failed');
    const thrown = expect(done).rejects.toBe(error);
    await end('primary/0', error);
    for (const store of [...running.keys()]) await end(store);
    await thrown;
    expect(begun).toHaveLength(CONCURRENCY);
  });
});
