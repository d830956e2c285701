import { freemem } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import pMap from 'p-map';
import { type Case, firstOfEach } from '../cases.ts';
import { DEPLOYMENTS, socketLimit } from '../databases/deployments.ts';
import type { Wire } from '../databases/wire.ts';
import type { Container, Outcome } from '../lambda/container.ts';
import { Lane } from '../lane.ts';
import type { Lab, Part } from '../part.ts';

const SECONDS = [12, 25, 65];
const LOSSES = ['FIN', 'RST', 'silence'] as const;
const MOMENTS = ['after init', 'after a request'] as const;
/** A request ends after 29 s, of which it is frozen for this long. */
const SECONDS_IN_REQUEST = 12;
const LONGEST_REQUEST = 29_000;
/** It stays frozen until the servers have restarted, which takes longer on a busy machine than the freeze. */
const RESTART_GRACE = 60_000;

/** What happens to a container while it is frozen. */
interface Freeze {
  seconds: number;
  behind: (typeof LOSSES)[number] | 'restart';
  moment: (typeof MOMENTS)[number] | 'in a request';
}

interface Item {
  one: Case;
  freeze: Freeze;
}

/** Containers that are frozen at the same time, on the same servers. */
interface Group {
  items: Item[];
  isRestart: boolean;
}

/** Of a container, its proxies and its share of the servers, in bytes. */
const MEMORY = 130_000_000;
/** The containers that start, or are called, at the same time. On Lambda, each has a processor of its own. */
const CONCURRENCY = 2;
/** The containers that are frozen in a request at the same time. */
const IN_REQUEST = 6;

/**
 * Freezes a container of every function, and breaks its sockets meanwhile: its first call after the thaw must succeed, and
 * it must not have more sockets than its pool.
 */
export const freeze: Part = async ({ lab, isWhole, isOver, progress }) => {
  const functions = firstOfEach(lab.cases);
  const groups = groupsOf(functions);
  const containers = (some: readonly Group[]) =>
    some.reduce((sum, { items }) => sum + items.length, 0);
  const fitting = Math.floor(freemem() / 2 / MEMORY);
  const violations: string[] = [];
  let done = 0;
  do {
    let count = 1;
    while (count < 4 && containers(groups.slice(done, done + count + 1)) <= fitting) count += 1;
    const batch = groups.slice(done, done + count);
    progress(`${containers(batch)} containers, of ${containers(groups)}`);
    const found = await Promise.all(batch.map((group) => freezeGroup(lab, group)));
    violations.push(...found.flat());
    done += batch.length;
  } while (done < groups.length && (isWhole || !isOver()));
  const count = containers(groups.slice(0, done));
  return {
    did: `${count} freezes of ${functions.length} functions: of 12, 25 and 65 s; FIN, RST, silence and a server's restart; after init, after and in a request`,
    saw: 'the first call after the thaw succeeded, on no more sockets than the pool',
    shortened: done < groups.length ? `${count} of ${containers(groups)} combinations` : '',
    violations,
  };
};

/** Returns all groups, in an order in which each beginning is an even sample. */
function groupsOf(functions: readonly Case[]): Group[] {
  const idle = (behinds: readonly Freeze['behind'][]): Group[] => {
    const freezes = SECONDS.flatMap((seconds) =>
      behinds.flatMap((behind) => MOMENTS.map((moment) => ({ seconds, behind, moment }))),
    );
    const isRestart = behinds.includes('restart');
    return freezes.map((_, first) => ({
      isRestart,
      items: functions.map((one, n) => ({
        one,
        freeze: freezes[(first + n) % freezes.length] as Freeze,
      })),
    }));
  };
  const connected = functions.filter(({ servers }) => servers.length > 0);
  const inRequest = (behind: Freeze['behind']): Group[] =>
    Array.from({ length: Math.ceil(connected.length / IN_REQUEST) }, (_, n) => ({
      isRestart: behind === 'restart',
      items: connected.slice(n * IN_REQUEST, (n + 1) * IN_REQUEST).map((one) => ({
        one,
        freeze: { seconds: SECONDS_IN_REQUEST, behind, moment: 'in a request' },
      })),
    }));
  // Restarting a server concerns every container on it.
  const kinds = [
    idle(LOSSES),
    idle(['restart']),
    ...[...LOSSES, 'restart' as const].map((behind) => inRequest(behind)),
  ];
  const ranked = kinds.flatMap((groups) =>
    groups.map((group, n) => ({ group, rank: n / groups.length })),
  );
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ group }) => group);
}

interface Started extends Item {
  container: Container;
  wire: Wire;
  event: object;
  /** The request before the freeze, if there was one. */
  before: Outcome | undefined;
}

interface Frozen extends Started {
  /** When it was frozen, as from `performance.now()`. */
  at: number;
  /** The response to the request in which it was frozen. */
  interrupted: ReturnType<Container['invoke']> | undefined;
}

async function freezeGroup(lab: Lab, { items, isRestart }: Group): Promise<string[]> {
  await using lane = await Lane.start(lab, { keepsData: isRestart });
  await using stack = new AsyncDisposableStack();
  const started = await pMap(items, (item) => start(lane, item, stack), {
    concurrency: CONCURRENCY,
  });
  const frozen = await Promise.all(started.map((each) => freezeOne(lane, each)));
  for (const { wire, freeze } of frozen) breakSockets(wire, freeze);
  if (isRestart) await restart(lane);
  const inOrder = frozen.toSorted((a, b) => a.freeze.seconds - b.freeze.seconds);
  // A request that was interrupted cannot wait for its turn.
  const concurrency = items.some(({ freeze }) => freeze.moment === 'in a request')
    ? IN_REQUEST
    : CONCURRENCY;
  const results = await pMap(inOrder, (each) => thawOne(lane, each), { concurrency });
  return results.filter((violation) => violation !== undefined);
}

async function start(lane: Lane, item: Item, stack: AsyncDisposableStack): Promise<Started> {
  const { one, freeze } = item;
  const wire = stack.use(await lane.wire());
  const container = stack.use(await lane.container(one.name, wire));
  const event = one.newEvent();
  const before =
    freeze.moment === 'after a request'
      ? await container.invoke(event, lane.lab.artifacts.timeoutOf(one.name))
      : undefined;
  return { ...item, container, wire, event, before };
}

async function freezeOne(lane: Lane, started: Started): Promise<Frozen> {
  const { one, freeze, container, wire, event } = started;
  let interrupted: Frozen['interrupted'];
  if (freeze.moment === 'in a request') {
    const reached = Promise.withResolvers<void>();
    wire.fault(1, 'hold', () => {
      container.freeze();
      reached.resolve();
    });
    const timeout = lane.lab.artifacts.timeoutOf(one.name) + freeze.seconds * 1_000;
    interrupted = container.invoke(
      event,
      one.isTask ? timeout : Math.min(timeout, LONGEST_REQUEST),
      freeze.behind === 'restart' ? { grace: RESTART_GRACE } : {},
    );
    await Promise.race([reached.promise, interrupted]);
    wire.pass();
  }
  container.freeze();
  return { ...started, interrupted, at: performance.now() };
}

/** A network resets an idle socket at its next use, and one with a command in flight at once. */
function breakSockets(wire: Wire, { behind, moment }: Freeze): void {
  for (const proxy of wire.each)
    if (behind === 'FIN') proxy.cut();
    else if (behind === 'RST') moment === 'in a request' ? proxy.reset() : proxy.breakSockets();
    else if (behind === 'silence') proxy.silence();
}

async function restart({ servers }: Lane): Promise<void> {
  await Promise.all(DEPLOYMENTS.map((name) => servers[name].kill()));
  await Promise.all(DEPLOYMENTS.map((name) => servers[name].restart()));
}

/** Thaws a container, and returns what is wrong with its next response. */
async function thawOne(
  lane: Lane,
  { one, freeze, container, wire, event, before, at, interrupted }: Frozen,
): Promise<string | undefined> {
  const { seconds, behind, moment } = freeze;
  const title = `${one.name}, frozen for ${seconds} s ${moment}, ${behind}`;
  if (before && before.end !== 'answered')
    return `${title}: ${before.end} before the freeze: ${JSON.stringify(before.body)}`;
  await setTimeout(Math.max(1, at + seconds * 1_000 - performance.now()));
  const timeout = lane.lab.artifacts.timeoutOf(one.name);
  if (interrupted) {
    container.thaw();
    const { end, status } = await interrupted;
    if (end === 'killed' || end === 'timed out') return `${title}: the request has no response`;
    if (status >= 400 && status !== 503 && !one.isTask)
      return `${title}: the request answers ${status}`;
  }
  const answered = container.invoke(event, timeout);
  container.thaw();
  const { end, status, body, ms } = await answered;
  if (status < 200 || status >= 400) {
    const logged = end === 'killed' ? undefined : container.lastError;
    const cause = logged ?? JSON.stringify(body);
    return `${title}: ${end} with ${status} after ${Math.round(ms)} ms: ${cause}`;
  }
  const tooMany = DEPLOYMENTS.filter((name) => wire.sockets[name] > socketLimit(name, one.sockets));
  if (tooMany.length > 0) return `${title}: ${JSON.stringify(wire.sockets)} sockets`;
  return undefined;
}
