import { onCluster } from '../cases.ts';
import { type Lane, startLanes } from '../lane.ts';
import type { Part } from '../part.ts';
import { leftOut, type Round, runRounds, startPair, titleOf, verifyRepeat } from '../rounds.ts';

const LANES = 3;

/**
 * Kills a container before and after each command of every function that writes, and repeats the request on another
 * container: the effect must be there once, and whole. The stores live on the primary, and in other rounds on the cluster.
 */
export const kill: Part = async ({ lab, isWhole, isOver, progress }) => {
  await using lanes = await startLanes(lab, LANES);
  const writing = lab.cases.filter(({ writes }) => writes);
  const cases = [...writing, ...onCluster(writing)];
  let killed = 0;
  let busy = 0;
  const tally = await runRounds(lanes, cases, {
    isOver,
    progress,
    work: async (lane, round) => {
      const result = await killOnce(lane, round, { waitsForKey: isWhole });
      if (result.wasKilled) killed += 1;
      if (result.wasBusy) busy += 1;
      return result.violation;
    },
  });
  return {
    did: `SIGKILL before and after the commands of ${tally.reached} requests and tasks that write: ${killed} kills in ${tally.done} rounds`,
    saw: `repeated, each had its effect once and whole; ${busy} keys were still reserved`,
    shortened: [...leftOut(tally), ...(isWhole ? [] : ['reservations of keys end at once'])].join(
      '; ',
    ),
    violations: tally.violations,
  };
};

async function killOnce(lane: Lane, round: Round, { waitsForKey }: { waitsForKey: boolean }) {
  await using pair = await startPair(lane, round);
  const { wire, first, event, timeout } = pair;
  wire.fault(round.n, round.fate, () => first.kill());
  const { end } = await first.invoke(event, timeout);
  const title = titleOf(round, 'killed');
  const repeated = await verifyRepeat(lane, round, pair, { title, waitsForKey });
  return { wasKilled: end === 'killed', ...repeated };
}
