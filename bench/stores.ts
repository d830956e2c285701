import { setTimeout } from 'node:timers/promises';
import { type Child, startChild } from './children.ts';
import { environmentOf } from './environment.ts';
import { type Figure, type Pair, ratioOf } from './figure.ts';
import type { Part } from './part.ts';
import { type BenchServer, startServer } from './server.ts';
import type { Visited, Visits } from './stores-child.ts';

/** What many stores cost one container. */
export const stores: Part = async ({ rounds, progress }) => {
  await using server = await startServer();
  progress('handles of stores');
  const handles = await raceOfHandles(server, rounds);
  progress('ten thousand stores');
  return [...handles, ...(await tenThousand(server, rounds))];
};

const ask = (child: Child, visits: Visits) => child.ask<Visited>(visits);

const startVisitor = (server: BenchServer, module: string, limit: number) =>
  startChild('stores-child.ts', {
    args: [module],
    env: {
      ...environmentOf(server.uri),
      STORE_HANDLE_LIMIT: String(limit),
      PRIMARY_POOL_SIZE: String(POOL),
    },
  });

/** Opened before the first round: by then all code has run, and much of it is compiled. */
const WARM_UP = 300;
/** Opened in a round, on top of those of the rounds before. */
const PER_ROUND = 60;
/** A connection costs a hundred times as much as a handle. */
const CONNECTIONS_PER_ROUND = 10;

/** Opens stores in four ways, side by side, and goes to them again. Nothing is evicted here. */
async function raceOfHandles(server: BenchServer, rounds: number): Promise<Figure[]> {
  await using ours = startVisitor(server, 'subjects/stores.ts', 100_000);
  await using models = startVisitor(server, 'peers/use-db-model.ts', 1);
  await using uncached = startVisitor(server, 'peers/use-db-uncached.ts', 1);
  await using connections = startVisitor(server, 'peers/connection-per-store.ts', 1);
  for (const child of [ours, models, uncached]) await ask(child, { from: 0, count: WARM_UP });
  await ask(connections, { from: 0, count: CONNECTIONS_PER_ROUND });
  const heap: Pair[] = [];
  const heapOfModels: Pair[] = [];
  const first: Pair[] = [];
  const again: Pair[] = [];
  for (let round = 0; round < rounds; round++) {
    const news = { from: WARM_UP + round * PER_ROUND, count: PER_ROUND };
    const [mine, other] = [await ask(ours, news), await ask(models, news)];
    const few = { from: (round + 1) * CONNECTIONS_PER_ROUND, count: CONNECTIONS_PER_ROUND };
    const dear = await ask(connections, few);
    const handle = mine.grown / PER_ROUND;
    heap.push({ ours: handle, theirs: dear.grown / CONNECTIONS_PER_ROUND });
    heapOfModels.push({ ours: handle, theirs: other.grown / PER_ROUND });
    first.push({ ours: mine.time, theirs: other.time });
    const known = await ask(ours, { from: 0, count: 100, times: 500 });
    const anew = await ask(uncached, { from: 0, count: 50 });
    again.push({ ours: known.time, theirs: anew.time });
  }
  return [
    ratioOf(heap, {
      name: 'heap of a store handle, model included',
      peer: 'a connection and a model per store',
      atMost: 0.06,
      unit: 'bytes',
    }),
    ratioOf(first, {
      name: 'first switch to a store',
      peer: 'useDb() and model()',
      atMost: 0.35,
      unit: 'us',
    }),
    ratioOf(again, {
      name: 'warm switch to a store',
      peer: 'useDb() without cache, and model()',
      atMost: 0.01,
      unit: 'us',
    }),
    ratioOf(heapOfModels, {
      name: 'heap of a store handle, model included',
      peer: 'useDb() and model()',
      unit: 'bytes',
    }),
  ];
}

const MANY = 10_000;
const LIMIT = 500;
/** Requests at the same time: more than the pool has sockets. */
const CONCURRENCY = 20;
/** The size of the pool where a process serves several requests at a time. */
const POOL = 5;
/** On Lambda the driver has one monitor for each server, and there is one. */
const MONITORS = 1;

/**
 * A container that asks ten thousand stores once each. The first stores make V8 compile what it needs; what is
 * held after the next ones is `LIMIT` handles less those, and must not be more after all the others.
 */
async function tenThousand(server: BenchServer, rounds: number): Promise<Figure[]> {
  const heap: Pair[] = [];
  let sockets = 0;
  for (let round = 0; round < rounds; round++) {
    await noSockets(server);
    await using child = startVisitor(server, 'subjects/stores.ts', LIMIT);
    const visit = (from: number, to: number) =>
      ask(child, { from, count: to - from, how: 'ask', concurrency: CONCURRENCY });
    await visit(0, WARM_UP / 2);
    const filled = await visit(WARM_UP / 2, WARM_UP / 2 + LIMIT);
    const others = await visit(WARM_UP / 2 + LIMIT, MANY);
    heap.push({ ours: filled.grown + others.grown, theirs: filled.grown });
    sockets = Math.max(sockets, await server.sockets());
  }
  const visited = `${MANY} stores visited once each`;
  const kept = ratioOf(heap, {
    name: `${visited}, limit ${LIMIT}: heap kept`,
    peer: `${LIMIT} handles`,
    atMost: 1.2,
    unit: 'bytes',
  });
  const most = POOL + MONITORS;
  return [
    kept,
    ratioOf([{ ours: sockets, theirs: most }], {
      name: `${visited}: sockets on the server`,
      peer: 'the pool and its monitor',
      atMost: 1,
      unit: 'sockets',
    }),
  ];
}

/** Waits until the server has seen that the clients before are gone. */
async function noSockets(server: BenchServer): Promise<void> {
  while ((await server.sockets()) > 0) await setTimeout(10);
}
