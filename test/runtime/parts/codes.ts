import { SERVER_NAMES } from '#lib/runtime/servers.ts';
import { SERVER_CODES } from '../../../packages/connections/src/server-codes.ts';
import { firstOfEach } from '../cases.ts';
import { difference, type State } from '../databases/state.ts';
import { type Lane, onLanes, startLanes } from '../lane.ts';
import type { Part } from '../part.ts';
import {
  KEY,
  leftOut,
  resetFor,
  runUndisturbed,
  spreadOut,
  type Tally,
  type Undisturbed,
} from '../rounds.ts';
import { Counts } from '../statistics.ts';

const LANES = 2;
/** A transaction is repeated until its deadline. */
const SHORT_TIMEOUT = 3_000;
const SHORT_TASK_TIMEOUT = 12_000;
/** The driver signs in again by itself, which a server without users rejects. */
const REAUTHENTICATE = 391;

interface Round {
  undisturbed: Undisturbed;
  command: string;
  code: number;
  isTransient: boolean;
}

/** Lets a command fail with each error code that is known, in every function that sends it. */
export const codes: Part = async ({ lab, isWhole, isOver, progress }) => {
  await using lanes = await startLanes(lab, LANES);
  const cases = firstOfEach(lab.cases.filter(({ servers }) => servers.length > 0));
  const tally: Tally = {
    done: 0,
    rounds: 0,
    reached: cases.length,
    cases: cases.length,
    violations: [],
  };
  const undisturbed = await runUndisturbed(lanes, cases, tally);
  const rounds = spreadOut(undisturbed.map(roundsOf), () => 0);
  tally.rounds = rounds.length;
  progress(`${rounds.length} rounds of ${cases.length} requests and tasks`);
  const statuses = new Counts();
  tally.done = await onLanes(lanes, rounds, {
    isOver,
    work: async (lane, round) => {
      const { status, violation } = await failOnce(lane, round, { isWhole });
      statuses.add(status);
      if (violation) tally.violations.push(violation);
    },
  });
  return {
    did: `failCommand with ${SERVER_CODES.size - 1} codes, for each command of ${cases.length} functions: ${tally.done} rounds`,
    saw: `503 where it is temporary, otherwise 500; no effect where the response says so (${statuses})`,
    shortened: [...leftOut(tally), ...(isWhole ? [] : ['timeouts of 3 s, of tasks 12 s'])].join(
      '; ',
    ),
    violations: tally.violations,
  };
};

function roundsOf(undisturbed: Undisturbed): Round[] {
  const commands = [...new Set(undisturbed.commands)];
  return [...SERVER_CODES]
    .filter(([code]) => code !== REAUTHENTICATE)
    .flatMap(([code, { isTransient }]) =>
      commands.map((command) => ({ undisturbed, command, code: Number(code), isTransient })),
    );
}

async function failOnce(
  lane: Lane,
  round: Round,
  { isWhole }: { isWhole: boolean },
): Promise<{ status: number; violation?: string }> {
  const { undisturbed, command, code, isTransient } = round;
  const { one } = undisturbed;
  const [container] = await Promise.all([lane.container(one.name), resetFor(lane, one)]);
  await using _ = container;
  const before = await lane.state();
  const data = { failCommands: [command], errorCode: code, appName: `manystore-${one.name}` };
  const failPoint = (mode: unknown) =>
    Promise.all(
      SERVER_NAMES.map((server) =>
        lane.clients[server].db('admin').command({ configureFailPoint: 'failCommand', mode, data }),
      ),
    );
  await failPoint('alwaysOn');
  const short = one.isTask ? SHORT_TASK_TIMEOUT : SHORT_TIMEOUT;
  const timeout = isWhole ? lane.lab.artifacts.timeoutOf(one.name) : short;
  const { end, status, body } = await container.invoke(one.newEvent(KEY), timeout);
  await failPoint('off');
  const title = `${one.name}: ${command} fails with ${code}`;
  const wrong = (text: string) => ({ status, violation: `${title}: ${text}` });
  if (end === 'timed out' || end === 'killed') return wrong('it has no response');
  if (status >= 400) {
    const expected = isTransient && !one.isTask ? 503 : 500;
    if (status !== expected) return wrong(`${status} and not ${expected}: ${container.lastError}`);
    if (body?.outcome !== 'not-applied') return { status };
    const changes = difference(documentsOf(await lane.state()), documentsOf(before));
    return changes ? wrong(`not-applied, but it changed\n${changes}`) : { status };
  }
  const changes = difference(documentsOf(await lane.state()), documentsOf(undisturbed.state));
  const saysSo = /"(?:failed|missing|down)"/.test(JSON.stringify(body));
  return changes && !saysSo ? wrong(`${status}, but it changed\n${changes}`) : { status };
}

const documentsOf = (state: State): State => state.filter((line) => !line.includes(' index {'));
