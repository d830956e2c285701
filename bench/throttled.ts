import { type ContainerOptions, startContainer } from './cost/container.ts';
import { BARE, type Candidate, type Name, startFarPlace, TUTORIAL } from './far/place.ts';
import { type Pair, ratioOf } from './figure.ts';
import type { Part } from './part.ts';

/** In megabytes, the default of the functions. */
const MEMORY = 512;
/** In milliseconds. */
const ROUND_TRIP = 4;
/** Those in a row before the first answer of each candidate that is compared: `npm run bench -- far` counts them. */
const ROUND_TRIPS = 11;

const NAMES = ['tutorial', 'store', 'bare', 'head'] as const satisfies Name[];
type Compared = (typeof NAMES)[number];

interface Start {
  /** From before the function was loaded until its first answer, in milliseconds. */
  answer: number;
  /** The part of it from the first request on. */
  request: number;
}

/**
 * What the first answer of a cold container costs with Lambda's shares of a processor: all of it while the container
 * starts, and afterwards that of its memory. The servers are those of the part `far`.
 */
export const throttled: Part = async ({ rounds, artifacts: packaged, progress }) => {
  await using place = await startFarPlace({ packaged, progress });
  const { server, candidates, env } = place;
  await server.moveTo(ROUND_TRIP / 2);
  const options = { env, memory: MEMORY, isStartFast: true };
  const starts: Record<Compared, Start>[] = [];
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`);
    const each = {} as (typeof starts)[number];
    for (const name of NAMES) each[name] = await startOf(candidates[name], options);
    starts.push(each);
  }

  const pairs = (ours: Compared, theirs: Compared, of: (start: Start) => number): Pair[] =>
    starts.map((start) => ({ ours: of(start[ours]), theirs: of(start[theirs]) }));
  const answer = ({ answer }: Start) => answer;
  const withoutNetwork = ({ answer }: Start) => answer - ROUND_TRIPS * ROUND_TRIP;
  const request = ({ request }: Start) => request;
  const first = `load to first answer, ${MEMORY} MB`;
  const own = 'the same without the round trips';
  const unit = 'ms';
  return [
    ratioOf(pairs('head', 'bare', answer), { name: first, peer: BARE, atMost: 0.65, unit }),
    ratioOf(pairs('head', 'bare', withoutNetwork), { name: own, peer: BARE, atMost: 0.6, unit }),
    ratioOf(pairs('store', 'bare', answer), { name: `${first}, of a store`, peer: BARE, unit }),
    ratioOf(pairs('head', 'bare', request), { name: 'the first request of it', peer: BARE, unit }),
    ratioOf(pairs('head', 'tutorial', answer), { name: first, peer: TUTORIAL, unit }),
    ratioOf(pairs('head', 'tutorial', withoutNetwork), { name: own, peer: TUTORIAL, unit }),
  ];
};

async function startOf({ file, event }: Candidate, options: ContainerOptions): Promise<Start> {
  await using container = await startContainer(file, options);
  const { nodeStart, init, ms } = await container.call(event);
  return { answer: init - nodeStart + ms, request: ms };
}
