import { type Lane, startLanes } from '../lane.ts';
import type { Part } from '../part.ts';
import { KEY, leftOut, type Round, resetFor, runRounds, titleOf, verifyRepeat } from '../rounds.ts';

const LANES = 3;

/**
 * Kills a container before and after each command of every function that writes, and repeats the request on another
 * container: the effect must be there once, and whole.
 */
export const kill: Part = async ({ lab, isWhole, isOver, progress }) => {
  await using lanes = await startLanes(lab, LANES);
  const cases = lab.cases.filter(({ writes }) => writes);
  let killed = 0;
  let busy = 0;
  const tally = await runRounds(lanes, cases, {
    isOver,
    progress,
    work: async (lane, round) => {
      const result = await killOnce(lane, round, { waitsForKeys: isWhole });
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

async function killOnce(lane: Lane, round: Round, { waitsForKeys }: { waitsForKeys: boolean }) {
  const { one } = round.undisturbed;
  await using wire = await lane.wire();
  const [first, second] = await Promise.all([
    lane.container(one.name, wire),
    lane.container(one.name),
    resetFor(lane, one),
  ]);
  await using _first = first;
  await using _second = second;
  const event = one.newEvent(KEY);
  const timeout = lane.lab.artifacts.timeoutOf(one.name);
  wire.fault(round.n, round.fate, () => first.kill());
  const { end } = await first.invoke(event, timeout);
  let wasBusy = false;
  const onStillRunning = async () => {
    wasBusy = true;
    if (waitsForKeys) await new Promise((resolve) => setTimeout(resolve, 1_000));
    else await lane.endReservations();
  };
  const title = titleOf(round, 'killed');
  const violation = await verifyRepeat(lane, second, {
    round,
    title,
    event,
    timeout,
    onStillRunning,
  });
  return { wasKilled: end === 'killed', wasBusy, violation };
}
