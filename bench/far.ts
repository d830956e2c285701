import { isDeepStrictEqual } from 'node:util';
import { coldStart, type Start } from './cold-process.ts';
import type { Step } from './far/far-proxy.ts';
import { BARE, type Name, startFarPlace, TUTORIAL } from './far/place.ts';
import { roundTripsInARow, stepsByConnection } from './far/round-trips.ts';
import { type Figure, type Pair, plain, ratioOf } from './figure.ts';
import type { Part } from './part.ts';
import { median } from './statistics.ts';

/** Milliseconds in each direction. The figures are of the first, and the second shows how often a start waits for it. */
const NEAR = 2;
const DISTANT = 12;
/** For counting: far longer than a process pauses when it does not wait for a response. */
const COUNTED = 50;

/** What the first answer of a cold container costs, with all servers far away and behind TLS, and what it waits for. */
export const far: Part = async ({ rounds, artifacts: packaged, progress }) => {
  await using place = await startFarPlace({ packaged, progress });
  const { server, candidates, env } = place;
  const names = Object.keys(candidates) as Name[];
  const start = (name: Name) =>
    coldStart(candidates[name].file, { env, event: candidates[name].event, calls: 2 });

  const counts = {} as Record<Name, Counts>;
  await server.moveTo(COUNTED);
  for (const name of names) {
    await server.steps();
    const started = await start(name);
    const steps = await server.steps();
    counts[name] = countsOf(steps, started);
    for (const line of listed(candidates[name].name, counts[name].steps, started)) progress(line);
  }
  requireKnown(counts.bare.steps);

  const starts: Rounds[] = [];
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`);
    starts.push({ near: await all(NEAR), distant: await all(DISTANT) });
  }
  return [...figuresOfTime(starts, counts), ...figuresOfCounts(counts), ...figuresOfWaits(starts)];

  async function all(oneWay: number): Promise<Record<Name, Start>> {
    await server.moveTo(oneWay);
    const each = {} as Record<Name, Start>;
    for (const name of names) each[name] = await start(name);
    return each;
  }
};

interface Counts {
  /** The round trips in a row before the first answer. */
  first: number;
  /** Those of the second request. */
  warm: number;
  /** What was sent before the first answer. */
  steps: Step[];
}

function countsOf(all: readonly Step[], { startedAt, first }: Start): Counts {
  const steps = all.filter(({ at }) => at < startedAt + first);
  const later = all.filter(({ at }) => at >= startedAt + first);
  return {
    first: roundTripsInARow(steps, 2 * COUNTED),
    warm: roundTripsInARow(later, 2 * COUNTED),
    steps,
  };
}

/**
 * What the bare driver sends, as docs/cold-start.md lists it.
 *
 * @throws {Error} when it sends anything else: then either the driver has changed, or the proxy counts wrongly
 */
function requireKnown(steps: readonly Step[]): void {
  const expected = {
    'secrets 1': ['TCP', 'TLS', 'GetParameter'],
    'mongodb 1': ['TCP', 'TLS', 'hello'],
    'mongodb 2': ['TCP', 'TLS', 'hello, saslStart', 'saslContinue', 'find'],
  };
  const found = stepsByConnection(steps);
  if (!isDeepStrictEqual(found, expected))
    throw new Error(`The bare driver does not send what is expected: ${JSON.stringify(found)}`);
}

function* listed(name: string, steps: readonly Step[], { startedAt, first }: Start) {
  yield `${name}: what reached the servers when, in ms, with ${2 * COUNTED} ms per round trip`;
  for (const { connection, what, at } of steps)
    yield `${(at - startedAt).toFixed(0).padStart(8)}  ${connection.padEnd(10)} ${what}`;
  yield `${first.toFixed(0).padStart(8)}  first answer`;
}

interface Rounds {
  near: Record<Name, Start>;
  distant: Record<Name, Start>;
}

function figuresOfTime(starts: Rounds[], counts: Record<Name, Counts>): Figure[] {
  const pairs = (ours: Name, theirs: Name, of: (start: Start, name: Name) => number): Pair[] =>
    starts.map(({ near }) => ({ ours: of(near[ours], ours), theirs: of(near[theirs], theirs) }));
  const total = ({ first }: Start) => first;
  const processor = ({ cpu }: Start) => cpu;
  const withoutNetwork = ({ first }: Start, name: Name) => first - counts[name].first * 2 * NEAR;
  const first = `load to first answer, ${2 * NEAR} ms per round trip`;
  const own = 'the same without the round trips';
  const cpu = "the processor's time until then";
  const unit = 'ms';
  return [
    ratioOf(pairs('head', 'bare', total), { name: first, peer: BARE, atMost: 0.9, unit }),
    ratioOf(pairs('head', 'bare', withoutNetwork), { name: own, peer: BARE, atMost: 0.88, unit }),
    ratioOf(pairs('store', 'bare', total), { name: `${first}, of a store`, peer: BARE, unit }),
    ratioOf(pairs('head', 'bare', processor), { name: cpu, peer: BARE, unit }),
    ratioOf(pairs('head', 'tutorial', total), { name: first, peer: TUTORIAL, unit }),
    ratioOf(pairs('head', 'tutorial', withoutNetwork), { name: own, peer: TUTORIAL, unit }),
  ];
}

function figuresOfCounts(counts: Record<Name, Counts>): Figure[] {
  const unit = 'round trips';
  const bare = counts.bare.first;
  return [
    ...(
      [
        ['head', 'of the head catalog', bare],
        ['store', 'of a store', bare + 1],
        ['health', 'of both servers', bare],
      ] as const
    ).map(([name, what, atMost]) =>
      plain(counts[name].first, { name: `in a row to the first answer ${what}`, atMost, unit }),
    ),
    plain(bare, { name: 'in a row to the first answer of the bare driver', unit }),
    plain(counts.tutorial.first, { name: "in a row to that of the tutorial's shape", unit }),
    plain(counts.head.warm, { name: 'of a warm request to the head catalog', atMost: 1, unit }),
    plain(counts.store.warm, { name: 'of a warm request to a known store', atMost: 1, unit }),
  ];
}

/** How many round trips a start waits for, by its times at two distances: fewer, if it works while it waits. */
function figuresOfWaits(starts: Rounds[]): Figure[] {
  const waits = (name: Name) =>
    median(
      starts.map(({ near, distant }) => (distant[name].first - near[name].first) / EXTRA_PER_TRIP),
    );
  const unit = 'round trips';
  return [
    plain(waits('head'), { name: 'waited for, head catalog', unit }),
    plain(waits('store'), { name: 'waited for, a store', unit }),
    plain(waits('bare'), { name: 'waited for, bare driver', unit }),
  ];
}

const EXTRA_PER_TRIP = 2 * (DISTANT - NEAR);
