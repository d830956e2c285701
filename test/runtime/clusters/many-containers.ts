import { setTimeout } from 'node:timers/promises';
import pMap from 'p-map';
import { randomFrom } from '../../support/random.ts';
import { CLUSTER, socketLimit } from '../databases/deployments.ts';
import { establishedTo } from '../databases/established.ts';
import { Fleet, type Served } from '../lambda/fleet.ts';
import type { Lane } from '../lane.ts';
import type { Options } from '../part.ts';
import { spread } from '../statistics.ts';
import { medianAnd99, type Seen, wrong } from './seen.ts';
import { FUNCTION, type StoreRequests } from './stores.ts';

const CONTAINERS = 50;
const FEWER_CONTAINERS = 20;
/** The requests per second for each container, which two cores bear. */
const RATE = 0.5;
/** The share of the requests whose stores are on the cluster. */
const SHARE = 0.1;
/** The length of a run, in seconds: longer than the first 503 takes. */
const SECONDS = 20;
const PAIRS = 3;

/** A run of requests at a steady rate, by where their stores live. */
interface Run {
  primary: Served[];
  cluster: Served[];
  /** The most containers that had a request for a store on the cluster at the same time. */
  held: number;
  /** The open sockets to the cluster in the end. */
  sockets: number;
}

/** Sends requests at a steady rate to many containers, in calm runs and in runs in which the cluster does not respond. */
export async function manyContainers(
  lane: Lane,
  requests: StoreRequests,
  { isWhole, progress }: Pick<Options, 'isWhole' | 'progress'>,
): Promise<Seen> {
  const count = isWhole ? CONTAINERS : FEWER_CONTAINERS;
  const pairs = isWhole ? PAIRS : 1;
  await using stack = new AsyncDisposableStack();
  const wire = stack.use(await lane.wire());
  const timeout = lane.lab.artifacts.timeoutOf(FUNCTION);
  progress(`${count} containers: they start`);
  const containers = await pMap(
    Array.from({ length: count }),
    async () => stack.use(await lane.container(FUNCTION, wire)),
    { concurrency: 4 },
  );
  const callAll = (newEvent: () => object) =>
    pMap(containers, (container) => container.invoke(newEvent(), timeout), { concurrency: 2 });
  await callAll(requests.onPrimary);
  await callAll(requests.onCluster);
  const fleet = new Fleet(containers, timeout);
  const uri = wire.proxies[CLUSTER].uri;
  const runOnce = () => run(fleet, requests, { rate: RATE * count, uri });
  const calm: Run[] = [];
  const away: Run[] = [];
  const healed: Served['ms'][] = [];
  const violations: string[] = [];
  while (away.length < pairs) {
    progress(`${count} containers: calm and without the cluster, ${away.length + 1} of ${pairs}`);
    calm.push(await runOnce());
    wire.proxies[CLUSTER].pause();
    away.push(await runOnce());
    wire.proxies[CLUSTER].resume();
    const first = await callAll(requests.onCluster);
    healed.push(...first.map(({ ms }) => ms));
    violations.push(...wrong(first, 200, `after ${CLUSTER} responds again`));
  }
  const after = establishedTo(uri);
  const before = calm[0]?.sockets ?? 0;
  const most = Math.max(...[...calm, ...away].map(({ sockets }) => sockets));
  const limit = socketLimit(CLUSTER) * count;
  if (most > limit) violations.push(`${most} sockets to ${CLUSTER} of at most ${limit}`);
  if (after > before)
    violations.push(`${after} sockets to ${CLUSTER} afterwards, ${before} before`);
  for (const { primary, cluster } of calm)
    violations.push(...wrong([...primary, ...cluster], 200, 'in a calm run'));
  for (const { primary, cluster } of away) {
    violations.push(...wrong(primary, 200, `of a store on the primary, without ${CLUSTER}`));
    violations.push(...wrong(cluster, 503, `of a store on ${CLUSTER}`));
  }
  const [during, usual] = [away, calm].map((runs) =>
    runs.flatMap(({ primary }) => primary.map(({ total }) => total)),
  );
  return {
    did: `${count} containers with one queue, ${RATE * count} requests per second for ${SECONDS} s: ${pairs} calm runs, and as many with the black hole`,
    saw: [
      `at most ${Math.max(...away.map(({ held }) => held))} containers held by requests to ${CLUSTER} (calm ${Math.max(...calm.map(({ held }) => held))}), and ${waited(away)} other requests waited for one (calm ${waited(calm)})`,
      `stores on the primary ${medianAnd99(during ?? [])} (calm ${medianAnd99(usual ?? [])})`,
      `stores on ${CLUSTER} ${spread(away.flatMap(({ cluster }) => cluster.map(({ ms }) => ms)))}`,
      `first calls afterwards ${spread(healed)}`,
      `sockets to ${CLUSTER}: ${most} of at most ${limit}, and ${after} afterwards`,
    ].join('; '),
    shortened: isWhole ? '' : `${count} of ${CONTAINERS} containers, ${pairs} of ${PAIRS} pairs`,
    violations,
  };
}

/** Returns how many requests to stores on the primary waited for a container. */
const waited = (runs: readonly Run[]): number =>
  runs.flatMap(({ primary }) => primary).filter(({ hasWaited }) => hasWaited).length;

/** Sends requests at their times, whether or not earlier ones have a response. */
async function run(
  fleet: Fleet,
  requests: StoreRequests,
  { rate, uri }: { rate: number; uri: string },
): Promise<Run> {
  const random = randomFrom(1);
  const result: Run = { primary: [], cluster: [], held: 0, sockets: 0 };
  const sent: Promise<void>[] = [];
  let held = 0;
  const sendToCluster = async () => {
    result.held = Math.max(result.held, ++held);
    result.cluster.push(await fleet.send(requests.onCluster()));
    held -= 1;
  };
  const sendToPrimary = async () => {
    result.primary.push(await fleet.send(requests.onPrimary()));
  };
  const started = performance.now();
  for (let n = 0; n < rate * SECONDS; n++) {
    await setTimeout(Math.max(0, started + (n * 1_000) / rate - performance.now()));
    sent.push(random() < SHARE ? sendToCluster() : sendToPrimary());
  }
  await Promise.all(sent);
  return { ...result, sockets: establishedTo(uri) };
}
