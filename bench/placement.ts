import { LeasedCache } from '@manystore/connections';
import { randomFrom } from '../test/support/random.ts';
import { startChild } from './children.ts';
import { environmentOf } from './environment.ts';
import { type Figure, plain } from './figure.ts';
import type { Part } from './part.ts';
import { startServer } from './server.ts';
import type { Visited, Visits } from './stores-child.ts';

/** Where stores are placed: over clusters, in a real container and in a simulation of many. */
export const placement: Part = async ({ progress }) => {
  progress('ten clusters, 1,000 stores, 10,000 requests');
  const measured = await visitTenClusters();
  progress('10,000 stores, 100,000 requests, 200 containers: simulated');
  return [...measured, ...PLACEMENTS.flatMap(simulate)];
};

const CLUSTERS = 10;
const LIMIT = 4;
const POOL = 2;
/** The sockets with which the driver monitors a server: one on Lambda, where it polls. */
const MONITORS = 1;

/** A container that queries 1,000 stores on ten clusters, ten times each, one request at a time. */
async function visitTenClusters(): Promise<Figure[]> {
  await using server = await startServer();
  await using clusters = startChild('clusters-servers-child.ts', { args: [String(CLUSTERS)] });
  const uris = await clusters.ask<string[]>('uris');
  await using container = startChild('stores-child.ts', {
    args: ['subjects/clusters.ts'],
    env: {
      ...environmentOf(server.uri),
      CLUSTERS: String(CLUSTERS),
      CLUSTER_CONN_STRS: JSON.stringify(
        Object.fromEntries(uris.map((uri, n) => [`c${n}`, uri.replace('/?', '/bench?')])),
      ),
      CLUSTER_LIMIT: String(LIMIT),
      CLUSTER_POOL_SIZE: String(POOL),
    },
  });
  const visit = (times: number) =>
    container.ask<Visited>({ from: 0, count: 1_000, times, how: 'ask' } satisfies Visits);
  await visit(1);
  const grown: number[] = [];
  let sockets = 0;
  for (let round = 0; round < 9; round++) {
    grown.push((await visit(1)).grown);
    const open = await clusters.ask<number[]>('sockets');
    sockets = Math.max(
      sockets,
      open.reduce((sum, count) => sum + count),
    );
  }
  const visited = '1,000 stores on ten clusters, CLUSTER_LIMIT 4, 10,000 requests';
  return [
    plain(sockets, {
      name: `${visited}: sockets on all clusters`,
      unit: 'sockets',
      atMost: LIMIT * (POOL + MONITORS),
    }),
    plain(
      grown.reduce((sum, bytes) => sum + bytes),
      {
        name: `${visited}: heap kept after the first 1,000`,
        unit: 'bytes',
        atMost: 1_000_000,
      },
    ),
  ];
}

interface Placement {
  name: string;
  /** The cluster of a store, by the rank of its load; 0 is the primary. */
  clusterOf: (rank: number) => number;
}

const LARGE = 50;
const PLACEMENTS: Placement[] = [
  { name: 'all on the primary', clusterOf: () => 0 },
  { name: 'spread over ten clusters', clusterOf: (rank) => rank % CLUSTERS },
  {
    name: 'a cluster for each of the 50 largest',
    clusterOf: (rank) => (rank < LARGE ? rank + 1 : 0),
  },
];

const STORES = 10_000;
const REQUESTS = 100_000;
const CONTAINERS = 200;
const HANDLES = 500;

/** A container's caches, with the sizes that the service has by default. */
class SimulatedContainer {
  evictions = 0;
  readonly pools = new LeasedCache<number, number>(LIMIT, {
    open: (cluster) => cluster,
    close: (cluster) => {
      this.evictions += 1;
      this.handles.delete(cluster);
    },
  });
  /** The handles of stores, by cluster. */
  readonly handles = new Map<number, LeasedCache<number, number>>();

  serve(store: number, cluster: number): void {
    // The connection to the primary is never closed.
    if (cluster !== 0) this.pools.lease(cluster)[Symbol.dispose]();
    let handles = this.handles.get(cluster);
    if (!handles) {
      handles = new LeasedCache(HANDLES, { open: (id: number) => id, close: () => {} });
      this.handles.set(cluster, handles);
    }
    handles.lease(store)[Symbol.dispose]();
  }
}

/** Simulates requests for stores whose load follows Zipf's law, each in a random container. */
function simulate({ name, clusterOf }: Placement): Figure[] {
  const random = randomFrom(1);
  const storeFor = zipf(STORES);
  const containers = Array.from({ length: CONTAINERS }, () => new SimulatedContainer());
  for (let n = 0; n < REQUESTS; n++) {
    const store = storeFor(random());
    containers[Math.floor(random() * CONTAINERS)]?.serve(store, clusterOf(store));
  }
  const holders = new Map<number, number>();
  for (const { pools } of containers)
    for (const cluster of pools.keys()) holders.set(cluster, (holders.get(cluster) ?? 0) + 1);
  const handles = containers.map((container) =>
    [...container.handles.values()].reduce((sum, { size }) => sum + size, 0),
  );
  const evictions = containers.reduce((sum, container) => sum + container.evictions, 0);
  const figure = (what: string, value: number, unit: string) =>
    plain(value, { name: `${name}: ${what}`, unit });
  return [
    figure(
      'pools in a container, with the primary’s',
      1 + mean(containers.map((c) => c.pools.size)),
      'pools',
    ),
    figure('handles in a container', mean(handles), 'handles'),
    figure('sockets on the primary', CONTAINERS * (POOL + 2), 'sockets'),
    figure(
      'sockets on the cluster with the most',
      Math.max(0, ...holders.values()) * (POOL + 2),
      'sockets',
    ),
    figure('connections closed in 1,000 requests', (evictions / REQUESTS) * 1_000, 'connections'),
  ];
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Returns a function that maps a number from 0 to 1 to a rank; the rank r has a load of 1/(r + 1). */
function zipf(count: number): (random: number) => number {
  let total = 0;
  const sums = Array.from({ length: count }, (_, rank) => {
    total += 1 / (rank + 1);
    return total;
  });
  return (random) => {
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < random * total) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
