import { setTimeout } from 'node:timers/promises';
import { type Case, firstOfEach } from './cases.ts';
import type { Catalog } from './databases/catalog.ts';
import { CLUSTER } from './databases/deployments.ts';
import { difference, type State } from './databases/state.ts';
import type { Wire } from './databases/wire.ts';
import type { Container, Outcome } from './lambda/container.ts';
import type { Lane } from './lane.ts';
import { onLanes } from './lane.ts';
import type { Lab } from './part.ts';

/** What a case does when nothing happens to it. */
export interface Undisturbed {
  one: Case;
  status: number;
  state: State;
  /** The names of the commands that it sends. */
  commands: readonly string[];
}

/** An interruption of a case: at its command `n`, before or after the server runs it. */
export interface Round {
  undisturbed: Undisturbed;
  n: number;
  fate: 'hold' | 'withhold';
}

/**
 * Without a key, a repeated request may find its own effect: its SKU is in use, or the record that it restored is not in the
 * archive any more.
 */
const APPLIED: ReadonlySet<number> = new Set([409, 404]);
const STILL_RUNNING = 'urn:manystore:problem:still-running';
/** A busy machine needs longer for a response than the half second that is reserved for it, in milliseconds. */
export const GRACE = 4_000;
/** The same in every round, because what a request writes can depend on it. */
export const KEY = 'the-key-of-a-round';
/** A mirror without contents, which a sync has to fill. */
const MIRROR = ['products', 'watermarks'];

/** How a client repeats a request. */
export interface Repeat {
  event: object;
  timeout: number;
  /** Called when the key is still reserved, before the next attempt. */
  onStillRunning?: () => Promise<void>;
}

/** Sends a request until it has a final response: not 202, a busy key, or a server that is not available. */
export async function repeat(
  container: Container,
  { event, timeout, onStillRunning = async () => {} }: Repeat,
): Promise<Outcome> {
  let outcome: Outcome;
  let attempts = 0;
  do {
    outcome = await container.invoke(event, timeout);
    if (outcome.body?.type === STILL_RUNNING) await onStillRunning();
    else if (![202, 503].includes(outcome.status)) break;
  } while (++attempts < 20);
  return outcome;
}

/** Returns the catalog with which a case has work to do. */
export function catalogFor({ name, storesOn }: Case, lab: Lab): Catalog {
  const catalog = storesOn === CLUSTER ? lab.catalogOnCluster : lab.catalog;
  const isMirror = (at: Catalog[number]) => at.server === 'secondary' && MIRROR.includes(at.name);
  return name === 'sync-mirror' ? catalog.filter((at) => !isMirror(at)) : catalog;
}

/** Writes the catalog with which a case has work to do. */
export const resetFor = (lane: Lane, one: Case): Promise<void> =>
  lane.reset(catalogFor(one, lane.lab));

/** Two containers of a round's case, on a new catalog: only the first one connects through proxies. */
export async function startPair(lane: Lane, { undisturbed: { one } }: Round) {
  await using stack = new AsyncDisposableStack();
  const wire = stack.use(await lane.wire());
  const [first, second] = await Promise.all([
    lane.container(one.name, wire),
    lane.container(one.name),
    resetFor(lane, one),
  ]);
  stack.use(first);
  stack.use(second);
  const event = one.newEvent(KEY);
  const timeout = lane.lab.artifacts.timeoutOf(one.name);
  const owned = stack.move();
  return {
    ...{ wire, first, second, event, timeout },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The results of the rounds of some cases. */
export interface Tally {
  /** The rounds that ran, and the rounds of the cases that were reached. */
  done: number;
  rounds: number;
  /** The cases whose rounds were reached, of all. */
  reached: number;
  cases: number;
  violations: string[];
}

/** What was left out of some rounds, or nothing. */
export const leftOut = ({ done, rounds, reached, cases }: Tally): string[] => [
  ...(done < rounds ? [`${done} of ${rounds} rounds`] : []),
  ...(reached < cases ? [`${reached} of ${cases} requests and tasks`] : []),
];

/**
 * Runs the rounds of cases: first those of one case of each function, then those of all others.
 *
 * @param isOver whether to stop; the rounds that ran until then are an even sample
 * @param work runs a round, and returns what was violated
 */
export async function runRounds(
  lanes: readonly Lane[],
  cases: readonly Case[],
  {
    isOver,
    work,
    progress,
  }: {
    isOver: () => boolean;
    work: (lane: Lane, round: Round) => Promise<string | undefined>;
    progress: (text: string) => void;
  },
): Promise<Tally> {
  const tally: Tally = { done: 0, rounds: 0, reached: 0, cases: cases.length, violations: [] };
  const first = firstOfEach(cases);
  const others = cases.filter((one) => !first.includes(one));
  for (const stage of [first, others]) {
    if (stage === others && isOver()) break;
    const undisturbed = await runUndisturbed(lanes, stage, tally);
    const rounds = spreadOut(undisturbed.map(roundsOf), isLate);
    tally.reached += stage.length;
    tally.rounds += rounds.length;
    progress(`${rounds.length} rounds of ${stage.length} requests and tasks`);
    tally.done += await onLanes(lanes, rounds, {
      isOver,
      work: async (lane, round) => {
        const violation = await work(lane, round);
        if (violation) tally.violations.push(violation);
      },
    });
  }
  return tally;
}

/** Runs every case once, without a fault. */
export async function runUndisturbed(
  lanes: readonly Lane[],
  cases: readonly Case[],
  { violations }: Tally,
): Promise<Undisturbed[]> {
  const undisturbed: Undisturbed[] = [];
  await onLanes(lanes, cases, {
    work: async (lane, one) => {
      await using wire = await lane.wire();
      await using container = await lane.container(one.name, wire);
      undisturbed.push(await runOne(lane, one, { wire, container, violations }));
    },
  });
  return undisturbed;
}

/** Runs a case in a new container, without a fault. */
export async function runOne(
  lane: Lane,
  one: Case,
  { wire, container, violations }: { wire: Wire; container: Container; violations: string[] },
): Promise<Undisturbed> {
  await resetFor(lane, one);
  wire.pass();
  const timeout = lane.lab.artifacts.timeoutOf(one.name);
  const { status, body } = await repeat(container, { event: one.newEvent(KEY), timeout });
  const { commands } = wire;
  if (status < 200 || status >= 400)
    violations.push(
      `${one.name}, ${one.title}: ${status} without a fault: ${JSON.stringify(body)}`,
    );
  return { one, status, state: await lane.state(), commands };
}

const GOLDEN = 0.618_033_988_75;

/**
 * Mixes lists to one, in an order in which each beginning is an even sample of every list.
 *
 * @param rankOf 1 for items that come after all others, otherwise 0
 */
export function spreadOut<Item>(lists: readonly Item[][], rankOf: (item: Item) => 0 | 1): Item[] {
  const ranked = lists.flatMap((items) =>
    items.map((item, at) => ({ item, rank: ((at * GOLDEN) % 1) + rankOf(item) })),
  );
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ item }) => item);
}

/** Every command of a case, before and after the server runs it. */
const roundsOf = (undisturbed: Undisturbed): Round[] =>
  undisturbed.commands.flatMap((_, at) =>
    (['hold', 'withhold'] as const).map((fate) => ({ undisturbed, n: at + 1, fate })),
  );

/** A container sends many commands that create indexes, which are all alike. */
const isLate = ({ undisturbed: { commands }, n }: Round) =>
  commands[n - 1] === 'createIndexes' ? 1 : 0;

/** The pause of a client before it repeats a request whose key is still reserved, in milliseconds. */
const PAUSE = 2_000;

/**
 * Repeats the request of a round on the second container of its pair, after the first one was killed.
 *
 * @param title what happened to the first request
 * @param waitsForKey whether it waits while the first container's key is reserved, instead of ending the reservation
 * @returns what is wrong then, and whether the key was still reserved
 */
export async function verifyRepeat(
  lane: Lane,
  { undisturbed: { one, status, state } }: Round,
  { second, event, timeout }: Awaited<ReturnType<typeof startPair>>,
  { title, waitsForKey }: { title: string; waitsForKey: boolean },
): Promise<{ violation: string | undefined; wasBusy: boolean }> {
  let wasBusy = false;
  const onStillRunning = async () => {
    wasBusy = true;
    await (waitsForKey ? setTimeout(PAUSE) : lane.endReservations());
  };
  const again = await repeat(second, { event, timeout, onStillRunning });
  const isExpected = again.status === status || (!one.isKeyed && APPLIED.has(again.status));
  const differs = difference(await lane.state(), state);
  if (isExpected && !differs) return { violation: undefined, wasBusy };
  const text = isExpected ? '' : `, ${JSON.stringify(again.body)}`;
  const violation = `${title}: repeated, it answers ${again.status}${text}${differs ? `, and changes\n${differs}` : ''}`;
  return { violation, wasBusy };
}

/** Returns the title of a round. */
export const titleOf = ({ undisturbed: { one }, n, fate }: Round, event: string): string =>
  `${one.name}, ${one.title}: ${event} ${fate === 'hold' ? 'before' : 'after'} command ${n}`;
