import { SERVER_CODES } from '../../../packages/connections/src/server-codes.ts';
import { type Case, firstOfEach } from '../cases.ts';
import { DEPLOYMENTS } from '../databases/deployments.ts';
import { difference, type State, stateOf } from '../databases/state.ts';
import type { Wire } from '../databases/wire.ts';
import type { Container } from '../lambda/container.ts';
import { type Lane, onLanes, startLanes } from '../lane.ts';
import type { Part } from '../part.ts';
import {
  catalogFor,
  GRACE,
  KEY,
  leftOut,
  resetFor,
  runOne,
  spreadOut,
  type Tally,
  type Undisturbed,
} from '../rounds.ts';
import { Counts } from '../statistics.ts';

const LANES = 2;
/** A transaction is repeated until its deadline. */
const SHORT_TIMEOUT = 3_000;
const SHORT_TASK_TIMEOUT = 12_000;
/** The password may have been changed, and be known to a later request. */
const AUTHENTICATION_FAILED = 18;
/** They answer 503 whatever the reason for which no server has an answer. */
const SUMMARIES = ['get-health', 'report-overview'];
/** The driver signs in again by itself, which a server without users rejects. */
const REAUTHENTICATE = 391;

/** A function, in a container that serves all of its rounds. */
interface Subject {
  one: Case;
  wire: Wire;
  container: Container;
  undisturbed: Undisturbed;
  /** The contents of the servers before each round. */
  before: State;
  /** Whether it changes a store's entry: a container never replaces an entry by an older one, such as that of the next round. */
  changesRegistry: boolean;
}

const REGISTRY = ' manystore.stores {';

interface Round {
  subject: Subject;
  command: string;
  code: number;
  isTransient: boolean;
}

/** Lets a command fail with each error code that is known, in every function that sends it. */
export const codes: Part = async ({ lab, isWhole, isOver, progress }) => {
  await using lanes = await startLanes(lab, LANES);
  await using stack = new AsyncDisposableStack();
  const cases = firstOfEach(lab.cases.filter(({ servers }) => servers.length > 0));
  const tally: Tally = {
    done: 0,
    rounds: 0,
    reached: cases.length,
    cases: cases.length,
    violations: [],
  };
  const statuses = new Counts();
  const runLane = async (lane: Lane, n: number) => {
    const subjects: Subject[] = [];
    for (const one of cases.filter((_, at) => at % LANES === n))
      subjects.push(await startSubject(lane, one, { stack, violations: tally.violations }));
    const rounds = spreadOut(subjects.map(roundsOf), () => 0);
    tally.rounds += rounds.length;
    progress(`${rounds.length} rounds of ${subjects.length} requests and tasks`);
    await onLanes([lane], rounds, {
      isOver,
      work: async (_, round) => {
        const { status, violation } = await failOnce(lane, round, { isWhole });
        tally.done += 1;
        statuses.add(status);
        if (violation) tally.violations.push(violation);
      },
    });
  };
  await Promise.all(lanes.map(runLane));
  return {
    did: `failCommand with ${SERVER_CODES.size - 1} codes, for each command of ${cases.length} functions: ${tally.done} rounds`,
    saw: `503 where it is temporary, otherwise 500; no effect where the response says so (${statuses})`,
    shortened: [
      ...leftOut(tally),
      ...(isWhole ? [] : ['timeouts of 3 s, of tasks 12 s, with 4 s of grace']),
    ].join('; '),
    violations: tally.violations,
  };
};

async function startSubject(
  lane: Lane,
  one: Case,
  { stack, violations }: { stack: AsyncDisposableStack; violations: string[] },
): Promise<Subject> {
  const wire = stack.use(await lane.wire());
  const container = await startContainer(lane, one, wire);
  const undisturbed = await runOne(lane, one, { wire, container, violations });
  const before = stateOf(catalogFor(one, lane.lab), lane.lab.catalog);
  const registry = (state: State) => state.filter((line) => line.includes(REGISTRY));
  const changesRegistry = difference(registry(undisturbed.state), registry(before)) !== undefined;
  const subject = { one, wire, container, undisturbed, before, changesRegistry };
  stack.defer(() => subject.container[Symbol.asyncDispose]());
  if (changesRegistry) await replaceContainer(lane, subject);
  return subject;
}

/** A container does not cache what it reads of stores, because the catalog is written again before each round. */
const startContainer = (lane: Lane, { name }: Case, wire: Wire) =>
  lane.container(name, wire, { STORE_FRESH_MS: '0' });

async function replaceContainer(lane: Lane, subject: Subject): Promise<void> {
  await subject.container[Symbol.asyncDispose]();
  subject.container = await startContainer(lane, subject.one, subject.wire);
}

function roundsOf(subject: Subject): Round[] {
  const commands = [...new Set(subject.undisturbed.commands)];
  return [...SERVER_CODES]
    .filter(([code]) => code !== REAUTHENTICATE)
    .flatMap(([code, { isTransient }]) =>
      commands.map((command) => ({ subject, command, code: Number(code), isTransient })),
    );
}

async function failOnce(
  lane: Lane,
  { subject, command, code, isTransient }: Round,
  { isWhole }: { isWhole: boolean },
): Promise<{ status: number; violation?: string }> {
  const { one, undisturbed, before } = subject;
  await resetFor(lane, one);
  const data = { failCommands: [command], errorCode: code, appName: `manystore-${one.name}` };
  const failPoint = (mode: unknown) =>
    Promise.all(
      DEPLOYMENTS.map((name) =>
        lane.clients[name].db('admin').command({ configureFailPoint: 'failCommand', mode, data }),
      ),
    );
  await failPoint('alwaysOn');
  const short = one.isTask ? SHORT_TASK_TIMEOUT : SHORT_TIMEOUT;
  const timeout = isWhole ? lane.lab.artifacts.timeoutOf(one.name) : short;
  const { end, status, body } = await subject.container.invoke(one.newEvent(KEY), timeout, {
    grace: isWhole ? 0 : GRACE,
  });
  await failPoint('off');
  const title = `${one.name}: ${command} fails with ${code}`;
  const error = subject.container.lastError;
  const wrong = (text: string) => ({ status, violation: `${title}: ${text}` });
  const hasEnded = end === 'timed out' || end === 'killed';
  if (hasEnded || (subject.changesRegistry && body?.outcome !== 'not-applied'))
    await replaceContainer(lane, subject);
  if (hasEnded) return wrong('it has no response');
  const changes = async (expected: State) =>
    difference(documentsOf(await lane.state()), documentsOf(expected));
  if (status >= 400) {
    const isUnavailable =
      isTransient || code === AUTHENTICATION_FAILED || SUMMARIES.includes(one.name);
    const expected = isUnavailable && !one.isTask ? 503 : 500;
    if (status !== expected) return wrong(`${status} and not ${expected}: ${error}`);
    const changed = body?.outcome === 'not-applied' && (await changes(before));
    return changed ? wrong(`not-applied, but it changed\n${changed}`) : { status };
  }
  const saysSo = /"(?:failed|missing|down)"/.test(JSON.stringify(body));
  const changed = !saysSo && (await changes(undisturbed.state));
  return changed ? wrong(`${status}, but it changed\n${changed}`) : { status };
}

const documentsOf = (state: State): State => state.filter((line) => !line.includes(' index {'));
