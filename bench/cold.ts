import { type Artifact, type Artifacts, makeArtifacts } from './artifacts.ts';
import { codeCacheOf, coldStart, type Start } from './cold-process.ts';
import { environmentOf } from './environment.ts';
import { eventFor } from './event.ts';
import { type Figure, type Pair, plain, ratioOf } from './figure.ts';
import type { Part } from './part.ts';
import { enterProduct } from './records.ts';
import { startServer } from './server.ts';
import { median } from './statistics.ts';

const STORE = 'acme';
const MEGABYTE = 1_000_000;

/** What a new container costs: load, first answer, memory, and the artifact's size. */
export const cold: Part = async ({ rounds, artifacts: packaged, progress }) => {
  progress(packaged ? 'unpacks the functions' : 'packages the functions');
  using artifacts = await makeArtifacts(packaged);
  await using server = await startServer();
  const product = await server.fill((client) => enterProduct(client, STORE));
  const events = {
    head: eventFor('GET /products/{product}', { path: { product } }),
    store: eventFor('GET /stores/{store}/products/{product}', { path: { store: STORE, product } }),
  };
  const env = environmentOf(server.uri);

  await requireCacheStates(artifacts, env);
  // The first round reads the files from the disk: it does not count.
  await loadRound(artifacts, env, noLoads());
  const loads = noLoads();
  const firsts: Firsts[] = [];
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`);
    await loadRound(artifacts, env, loads);
    firsts.push(await firstRound(artifacts, env, events));
  }
  return [...figuresOfLoad(loads), ...figuresOfFirst(firsts), sizeOf(artifacts)];
};

/** A cache that is taken where it should not be, or the other way round, would make the figures those of something else. */
async function requireCacheStates(
  { functions }: Artifacts,
  env: Record<string, string>,
): Promise<void> {
  const { name, file, withoutCache } = named(functions, 'get-product');
  const states = [await codeCacheOf(file, { env }), await codeCacheOf(withoutCache, { env })];
  if (!['used,rejected', 'none,none'].includes(states.join()))
    throw new Error(`The code cache of ${name}, and the spoilt one: ${states.join(', ')}`);
}

function named(functions: Artifact[], name: string): Artifact {
  const artifact = functions.find((each) => each.name === name);
  if (!artifact) throw new Error(`There is no ${name}`);
  return artifact;
}

/** Milliseconds of load by function: against the bare driver, the tutorial; and without the code cache. */
type Loads = Record<'bare' | 'tutorial' | 'withoutCache', Map<string, Pair[]>>;

const noLoads = (): Loads => ({ bare: new Map(), tutorial: new Map(), withoutCache: new Map() });

/** The number of functions between two runs of the peers. */
const NEIGHBOURS = 6;

/** Loads each function once with its code cache and once without, and the peers every few functions. */
async function loadRound(
  { functions, bareDriver, tutorial }: Artifacts,
  env: Record<string, string>,
  loads: Loads,
): Promise<void> {
  const load = async (file: string) => (await coldStart(file, { env })).load;
  const add = (pairs: Map<string, Pair[]>, { name }: Artifact, pair: Pair) =>
    pairs.set(name, [...(pairs.get(name) ?? []), pair]);
  for (let from = 0; from < functions.length; from += NEIGHBOURS) {
    const bare = await load(bareDriver);
    const dear = await load(tutorial);
    for (const artifact of functions.slice(from, from + NEIGHBOURS)) {
      const ours = await load(artifact.file);
      add(loads.bare, artifact, { ours, theirs: bare });
      add(loads.tutorial, artifact, { ours, theirs: dear });
      add(loads.withoutCache, artifact, { ours: await load(artifact.withoutCache), theirs: bare });
    }
  }
}

/** The slowest function stands for all: if its bound holds, each one's does. */
function worstOf(pairs: Map<string, Pair[]>, what: Parameters<typeof ratioOf>[1]): Figure {
  const figures = [...pairs].map(([name, each]) => ({ name, figure: ratioOf(each, what) }));
  const worst = figures.reduce((a, b) => (b.figure.value > a.figure.value ? b : a));
  const middle = median(figures.map(({ figure }) => figure.value));
  return { ...worst.figure, note: `${worst.name}; median of functions ${middle.toFixed(3)}` };
}

const BARE = "bare driver's handler, bundled";
const TUTORIAL = "the tutorial's shape, unbundled";
const load = 'load, slowest of the functions';

function figuresOfLoad({ bare, tutorial, withoutCache }: Loads): Figure[] {
  return [
    worstOf(bare, { name: load, peer: BARE, atMost: 0.6, unit: 'ms' }),
    worstOf(tutorial, { name: load, peer: TUTORIAL, atMost: 0.22, unit: 'ms' }),
    worstOf(withoutCache, {
      name: `${load}, cache rejected`,
      peer: BARE,
      atMost: 1.15,
      unit: 'ms',
    }),
  ];
}

type Firsts = Record<'ours' | 'inStore' | 'withoutCache' | 'bare' | 'tutorial', Start>;

/** Answers one request in each way. */
async function firstRound(
  { functions, bareDriver, tutorial }: Artifacts,
  env: Record<string, string>,
  { head, store }: { head: object; store: object },
): Promise<Firsts> {
  const artifact = named(functions, 'get-product');
  const bare = await coldStart(bareDriver, { env, event: head });
  const ours = await coldStart(artifact.file, { env, event: head });
  const other = await coldStart(tutorial, { env, event: head });
  const withoutCache = await coldStart(artifact.withoutCache, { env, event: head });
  const inStore = await coldStart(artifact.file, { env, event: store });
  return { ours, inStore, withoutCache, bare, tutorial: other };
}

function figuresOfFirst(firsts: Firsts[]): Figure[] {
  const pairs = (ours: keyof Firsts, theirs: keyof Firsts, of: 'first' | 'rss'): Pair[] =>
    firsts.map((start) => {
      const scale = of === 'rss' ? MEGABYTE : 1;
      return { ours: start[ours][of] / scale, theirs: start[theirs][of] / scale };
    });
  const first = 'load to first answer, get-product';
  const memory = 'memory after the first answer';
  return [
    ratioOf(pairs('ours', 'bare', 'first'), { name: first, peer: BARE, atMost: 0.65, unit: 'ms' }),
    ratioOf(pairs('ours', 'tutorial', 'rss'), {
      name: memory,
      peer: TUTORIAL,
      atMost: 0.85,
      unit: 'MB',
    }),
    ratioOf(pairs('ours', 'tutorial', 'first'), { name: first, peer: TUTORIAL, unit: 'ms' }),
    ratioOf(pairs('withoutCache', 'bare', 'first'), {
      name: `${first}, cache rejected`,
      peer: BARE,
      unit: 'ms',
    }),
    ratioOf(pairs('inStore', 'bare', 'first'), {
      name: `${first} of a store`,
      peer: BARE,
      unit: 'ms',
    }),
    ratioOf(pairs('ours', 'bare', 'rss'), { name: memory, peer: BARE, unit: 'MB' }),
  ];
}

function sizeOf({ functions }: Artifacts): Figure {
  const largest = functions.reduce((a, b) => (b.size > a.size ? b : a));
  return plain(largest.size / MEGABYTE, {
    name: 'artifact, code cache included, zipped',
    atMost: 1,
    unit: 'MB',
    note: largest.name,
  });
}
