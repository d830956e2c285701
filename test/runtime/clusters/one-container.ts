import { setTimeout } from 'node:timers/promises';
import { CLUSTER, socketLimit } from '../databases/deployments.ts';
import { establishedTo } from '../databases/established.ts';
import type { Wire } from '../databases/wire.ts';
import type { Container, Outcome } from '../lambda/container.ts';
import type { Lane } from '../lane.ts';
import type { Options } from '../part.ts';
import { percentile, spread } from '../statistics.ts';
import { medianAnd99, type Seen, wrong } from './seen.ts';
import { FUNCTION, type StoreRequests } from './stores.ts';

/** The pairs of a calm round and one without the cluster, and the fewest of them. */
const PAIRS = 10;
const FEWEST_PAIRS = 2;
/** The requests of a round to stores on the primary. After every tenth of them, there is one to a store on the cluster. */
const REQUESTS = 100;
const EVERY = 10;
/**
 * The pause after a response of a store on the cluster, in milliseconds: as long as a request waits that learns that there is
 * none. A process is slower after a pause, whatever the reason for it.
 */
const PAUSE = 1_000;
/** The bound of the ratio to calm rounds, and of the difference in milliseconds instead where that is larger. The table has both. */
const FACTOR = 1.2;
const SLACK_AT_99 = 5;
/** A request that waits for a cluster that does not respond waits at least a second. Less than this is a busy machine. */
const WAITS = 500;

/** The outcomes of the requests of a round, by where their stores live. */
interface Round {
  primary: Outcome[];
  cluster: Outcome[];
  /** The open sockets to the cluster in the end. */
  sockets: number;
}

/** Sends requests to one container, in calm rounds and in rounds in which the cluster does not respond. */
export async function oneContainer(
  lane: Lane,
  requests: StoreRequests,
  { isWhole, isOver, progress }: Pick<Options, 'isWhole' | 'isOver' | 'progress'>,
): Promise<Seen> {
  await using wire = await lane.wire();
  await using container = await lane.container(FUNCTION, wire);
  const timeout = lane.lab.artifacts.timeoutOf(FUNCTION);
  const sender = { container, wire, requests, timeout };
  const runRound = () => sendRound(sender, PAUSE);
  await sendRound(sender, 0); // warms up
  const calm: Round[] = [];
  const away: Round[] = [];
  const healed: Outcome[] = [];
  while (away.length < PAIRS && (isWhole || away.length < FEWEST_PAIRS || !isOver())) {
    progress(`one container: calm and without the cluster, ${away.length + 1}`);
    calm.push(await runRound());
    wire.proxies[CLUSTER].pause();
    away.push(await runRound());
    wire.proxies[CLUSTER].resume();
    healed.push(await container.invoke(requests.onCluster(), timeout));
  }
  const last = await runRound();
  const [during, before] = [away, calm].map((rounds) => rounds.flatMap(timesOfPrimary));
  return {
    did: `one container: ${calm.length} calm rounds of ${REQUESTS} requests, and as many with a black hole in front of ${CLUSTER}, which has the store of every tenth request`,
    saw: [
      `stores on the primary ${medianAnd99(during ?? [])} (calm ${medianAnd99(before ?? [])}; median and 99th percentile; ${isWithin(during ?? [], before ?? []) ? 'within' : 'above'} ${FACTOR} or, of the 99th, ${SLACK_AT_99} ms)`,
      `stores on ${CLUSTER} ${[0, 1, 2].map((n) => spread(away.map(({ cluster }) => cluster[n]?.ms ?? 0))).join(', then ')}`,
      `first call afterwards ${spread(healed.map(({ ms }) => ms))}`,
      `sockets to ${CLUSTER}: ${Math.max(...[...calm, ...away].map(({ sockets }) => sockets))} of at most ${socketLimit(CLUSTER)}, and ${last.sockets} afterwards`,
    ].join('; '),
    shortened: away.length < PAIRS ? `${away.length} of ${PAIRS} pairs of rounds` : '',
    violations: [
      ...waited(during ?? [], before ?? []),
      ...[...calm, last].flatMap(({ primary, cluster }) =>
        wrong([...primary, ...cluster], 200, 'in a calm round'),
      ),
      ...away.flatMap(({ primary }) =>
        wrong(primary, 200, `of a store on the primary, without ${CLUSTER}`),
      ),
      ...away.flatMap(({ cluster }) => wrong(cluster, 503, `of a store on ${CLUSTER}`)),
      ...wrong(healed, 200, `after ${CLUSTER} responds again`),
      ...tooManySockets([...calm, ...away], calm[0]?.sockets ?? 0, last.sockets),
    ],
  };
}

interface Sender {
  container: Container;
  wire: Wire;
  requests: StoreRequests;
  timeout: number;
}

async function sendRound(
  { container, wire, requests, timeout }: Sender,
  pause: number,
): Promise<Round> {
  const primary: Outcome[] = [];
  const cluster: Outcome[] = [];
  while (primary.length < REQUESTS) {
    primary.push(await container.invoke(requests.onPrimary(), timeout));
    if (primary.length % EVERY > 0) continue;
    const outcome = await container.invoke(requests.onCluster(), timeout);
    cluster.push(outcome);
    await setTimeout(Math.max(0, pause - outcome.ms));
  }
  return { primary, cluster, sockets: establishedTo(wire.proxies[CLUSTER].uri) };
}

const timesOfPrimary = ({ primary }: Round) => primary.map(({ ms }) => ms);

function isWithin(during: readonly number[], calm: readonly number[]): boolean {
  const [median, calmMedian] = [percentile(during, 50), percentile(calm, 50)];
  const [most, calmMost] = [percentile(during, 99), percentile(calm, 99)];
  return (
    median <= calmMedian * FACTOR && most <= Math.max(calmMost * FACTOR, calmMost + SLACK_AT_99)
  );
}

/** Returns a violation if requests to stores on the primary waited for the cluster. */
const waited = (during: readonly number[], calm: readonly number[]): string[] =>
  percentile(during, 99) > percentile(calm, 99) + WAITS
    ? [`stores on the primary took ${medianAnd99(during)}, and ${medianAnd99(calm)} in calm rounds`]
    : [];

function tooManySockets(rounds: readonly Round[], before: number, after: number): string[] {
  const most = Math.max(...rounds.map(({ sockets }) => sockets));
  return [
    ...(most > socketLimit(CLUSTER) ? [`${most} sockets to ${CLUSTER}`] : []),
    ...(after > before ? [`${after} sockets to ${CLUSTER} afterwards, ${before} before`] : []),
  ];
}
