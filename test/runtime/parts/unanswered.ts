import { type Lane, startLanes } from '../lane.ts';
import type { Part } from '../part.ts';
import {
  GRACE,
  leftOut,
  type Round,
  runRounds,
  startPair,
  titleOf,
  verifyRepeat,
} from '../rounds.ts';

/** The rounds wait most of the time, and longer in a whole run, whose timeouts are not shortened. */
const LANES = { sample: 4, whole: 10 };

/** A shorter timeout than that of the function, so that more rounds fit the time. */
const SHORT_TIMEOUT = 4_000;
/** A task does nothing with less time. */
const SHORT_TASK_TIMEOUT = 14_000;

/**
 * Never answers one command, each in turn, of every function that writes: the container must respond before Lambda ends
 * its invocation, and the request can be repeated.
 */
export const unanswered: Part = async ({ lab, isWhole, isOver, progress }) => {
  await using lanes = await startLanes(lab, isWhole ? LANES.whole : LANES.sample);
  const cases = lab.cases.filter(({ writes }) => writes);
  const statuses = new Map<number, number>();
  const tally = await runRounds(lanes, cases, {
    isOver,
    progress,
    work: async (lane, round) => {
      const { status, violation } = await waitOnce(lane, round, { isWhole });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      return violation;
    },
  });
  const counts = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
  return {
    did: `one command without an answer, before or after it ran: ${tally.done} rounds of ${tally.reached} requests and tasks that write`,
    saw: `a response before Lambda's end (${counts}); repeated, each had its effect once and whole`,
    shortened: [
      ...leftOut(tally),
      ...(isWhole
        ? []
        : ['timeouts of 4 s, of tasks 14 s, with 4 s of grace; reservations of keys end at once']),
    ].join('; '),
    violations: tally.violations,
  };
};

async function waitOnce(lane: Lane, round: Round, { isWhole }: { isWhole: boolean }) {
  const { one } = round.undisturbed;
  await using pair = await startPair(lane, round);
  const { wire, first, event, timeout } = pair;
  const short = one.isTask ? SHORT_TASK_TIMEOUT : SHORT_TIMEOUT;
  const title = titleOf(round, 'not answered');
  wire.fault(round.n, round.fate, () => {});
  const { end, status, body } = await (isWhole
    ? first.invoke(event, timeout)
    : first.invoke(event, short, { grace: GRACE }));
  if (end === 'timed out' || end === 'killed')
    return { status, violation: `${title}: ${end}, after ${first.lastError}` };
  if (![round.undisturbed.status, 202, 503].includes(status) && !one.isTask)
    return { status, violation: `${title}: it answers ${status}: ${JSON.stringify(body)}` };
  // A command that the server has not received until now is lost.
  first.kill();
  const { violation } = await verifyRepeat(lane, round, pair, { title, waitsForKey: isWhole });
  return { status, violation };
}
