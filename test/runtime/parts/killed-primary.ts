import { setTimeout } from 'node:timers/promises';
import pMap from 'p-map';
import { Lane } from '../lane.ts';
import type { Part } from '../part.ts';
import { Writers } from '../writers.ts';

const WRITERS = 50;
const FEWER_WRITERS = 16;
const SECONDS = 20;
/** When the server is killed, and for how long, in seconds. */
const KILLS = [4, 11];
const DOWN = 3;

/** Kills the primary under many writers: no acknowledged write may be lost, and none may be there twice. */
export const killedPrimary: Part = async ({ lab, isWhole }) => {
  await using lane = await Lane.start(lab, { keepsData: true });
  const count = isWhole ? WRITERS : FEWER_WRITERS;
  const names = Array.from({ length: count }, (_, n) =>
    n % 2 ? 'create-product' : 'adjust-stock',
  );
  await using stack = new AsyncDisposableStack();
  const containers = await pMap(names, async (name) => stack.use(await lane.container(name)), {
    concurrency: 4,
  });
  const writers = new Writers(lane);
  const end = performance.now() + SECONDS * 1_000;
  const written = Promise.all(
    containers.map((container) => writers.run(container, () => performance.now() > end)),
  );
  let passed = 0;
  for (const at of KILLS) {
    await setTimeout((at - passed) * 1_000);
    await lane.servers.primary.kill();
    await setTimeout(DOWN * 1_000);
    await lane.servers.primary.restart();
    passed = at + DOWN;
  }
  await written;
  await writers.verify();
  return {
    did: `the primary killed ${KILLS.length} times, for ${DOWN} s each, under ${count} writers for ${SECONDS} s`,
    saw: `${writers.acknowledged} acknowledged writes, none of them lost or doubled (${writers.statuses})`,
    shortened: isWhole ? '' : `${count} of ${WRITERS} writers`,
    violations: writers.violations,
  };
};
