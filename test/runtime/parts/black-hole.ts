import { setTimeout } from 'node:timers/promises';
import pMap from 'p-map';
import { SERVER_NAMES } from '#lib/runtime/servers.ts';
import { type Case, firstOfEach } from '../cases.ts';
import { CLUSTER, type Deployment, socketLimit } from '../databases/deployments.ts';
import type { Wire } from '../databases/wire.ts';
import type { Container, Outcome } from '../lambda/container.ts';
import { Lane } from '../lane.ts';
import type { Part } from '../part.ts';
import { spread } from '../statistics.ts';

/** The calls of each function in a calm round, and while a server does not respond. */
const CALLS = 10;
const CONCURRENCY = 2;
/**
 * How much longer than in calm rounds a call may take that does not need the server, in milliseconds. One that waits for it
 * waits at least a second.
 */
const SLACK = 900;
/** The requests to each function that needs the server. */
const ATTEMPTS = 3;
/** The wait of the last of them: a probe of 1 s, with as much for a busy machine. */
const LATER = 2_000;
/** How long a container uses what it has read of a store: the default of `STORE_FRESH_MS`. */
const FRESH = 5_000;

interface Member {
  one: Case;
  container: Container;
  wire: Wire;
  event: object;
  timeout: number;
}

/**
 * Delays everything that one server or the cluster receives and sends. What does not need it must be as fast as in calm
 * rounds; what needs it must respond before Lambda's end, and at once when it knows that there is none; and its first call
 * afterwards must succeed. In the rounds of the cluster, all stores are on it.
 */
export const blackHole: Part = async ({ lab, isWhole, progress }) => {
  await using lane = await Lane.start(lab);
  await using stack = new AsyncDisposableStack();
  const members = await pMap(
    firstOfEach(lab.cases),
    async (one): Promise<Member> => {
      const wire = stack.use(await lane.wire());
      const container = stack.use(await lane.container(one.name, wire));
      const timeout = lab.artifacts.timeoutOf(one.name);
      return { one, container, wire, event: one.newEvent(), timeout };
    },
    { concurrency: CONCURRENCY },
  );
  const violations: string[] = [];
  const saw: string[] = [];
  const rounds = isWhole ? 5 : 1;
  const runRounds = async (server: Deployment) => {
    for (let round = 0; round < rounds; round++) {
      progress(`${server}, round ${round + 1} of ${rounds}`);
      const seen = await holeOf(server, members);
      violations.push(...seen.violations);
      if (round === 0) saw.push(seen.text);
    }
  };
  for (const server of SERVER_NAMES) await runRounds(server);
  await lane.reset(lab.catalogOnCluster);
  await setTimeout(FRESH);
  await runRounds(CLUSTER);
  return {
    did: `a black hole in front of each server and of the cluster, under ${members.length} functions: ${rounds} rounds, between calm ones`,
    saw: saw.join('; '),
    shortened: rounds < 5 ? `${rounds} of 5 rounds` : '',
    violations,
  };
};

const call = ({ container, event, timeout }: Member): Promise<Outcome> =>
  container.invoke(event, timeout);

/** Calls every function, and returns those that send commands to the cluster. */
async function usersOfCluster(members: readonly Member[]): Promise<Member[]> {
  const sentBy = ({ wire }: Member) => wire.proxies[CLUSTER].commands.length;
  const before = members.map(sentBy);
  await pMap(members, call, { concurrency: CONCURRENCY });
  return members.filter((each, n) => sentBy(each) > (before[n] ?? 0));
}

async function holeOf(server: Deployment, members: readonly Member[]) {
  const violations: string[] = [];
  const used = server === CLUSTER ? await usersOfCluster(members) : [];
  const needsIt = (each: Member) =>
    server === CLUSTER ? used.includes(each) : each.one.servers.includes(server);
  const [needing, others] = [members.filter(needsIt), members.filter((each) => !needsIt(each))];
  const expect = (
    each: Member,
    { status, end, body }: Outcome,
    what: string,
    statuses: number[],
  ) => {
    if (statuses.includes(status) || (status >= 200 && status < 400)) return;
    violations.push(
      `${each.one.name}, ${what}: ${end} with ${status}: ${each.container.lastError ?? JSON.stringify(body)}`,
    );
  };
  const callOthers = async (what: string) => {
    const times: number[] = [];
    for (let n = 0; n < CALLS; n++)
      for (const each of others) {
        const outcome = await call(each);
        expect(each, outcome, what, []);
        if (n > 0) times.push(outcome.ms);
      }
    return times;
  };
  await pMap(needing, async (each) => expect(each, await call(each), 'in a calm round', []), {
    concurrency: CONCURRENCY,
  });
  const calm = await callOthers(`calm, without ${server}`);
  for (const { wire } of members) wire.proxies[server].pause();
  // A task fails with an error of its own.
  const allowed = ({ one }: Member) => (one.isTask ? [500] : [503]);
  const callInVain = async (each: Member) => {
    const outcomes: Outcome[] = [];
    while (outcomes.length < ATTEMPTS) {
      const outcome = await call(each);
      expect(each, outcome, `while ${server} does not respond`, allowed(each));
      outcomes.push(outcome);
    }
    const { ms = 0 } = outcomes.at(-1) ?? {};
    if (ms > LATER && !each.one.isTask)
      violations.push(
        `${each.one.name}: response ${ATTEMPTS} took ${Math.round(ms)} ms without ${server}`,
      );
    return outcomes;
  };
  const calledInVain = pMap(needing, callInVain);
  const during = await callOthers(`while ${server} does not respond`);
  const attempts = await calledInVain;
  for (const { wire } of members) wire.proxies[server].resume();
  for (const each of needing) {
    expect(each, await call(each), `after ${server} responds again`, []);
    const open = each.wire.sockets[server];
    if (open > socketLimit(server, each.one.sockets))
      violations.push(`${each.one.name}: ${open} sockets after ${server} responds again`);
  }
  if (Math.max(...during) > Math.max(...calm) + SLACK)
    violations.push(
      `what does not need ${server} took ${spread(during)}, and ${spread(calm)} in a calm round`,
    );
  const times = Array.from({ length: ATTEMPTS }, (_, n) =>
    spread(attempts.map((outcomes) => outcomes[n]?.ms ?? 0)),
  );
  return {
    violations,
    text: `${server}: ${others.length} functions without it ${spread(during)} (calm ${spread(calm)}); ${needing.length} with it ${times.join(', then ')}`,
  };
}
