import { setTimeout } from 'node:timers/promises';
import pMap from 'p-map';
import { eventFor } from '../../../bench/event.ts';
import { enterStores } from '../../../bench/records.ts';
import { DEPLOYMENTS, socketLimit } from '../databases/deployments.ts';
import type { Wire } from '../databases/wire.ts';
import type { Container } from '../lambda/container.ts';
import { Lane } from '../lane.ts';
import type { Part } from '../part.ts';
import { Counts } from '../statistics.ts';
import { Writers } from '../writers.ts';

const SECONDS = 600;
const FEWEST_SECONDS = 45;
const STORES = 300;
/** A fault begins this often, in seconds, and lasts for at most 5 of them. */
const EVERY = 15;
const LASTS = 3;
/** The functions whose containers run all the time. */
const READERS = ['get-store', 'list-products', 'list-stores', 'report-overview', 'search-products'];
const WRITERS = ['adjust-stock', 'create-product', 'adjust-stock', 'create-product'];
/** The time between two requests of a container, in milliseconds. */
const PAUSE = 20;
/** By how many megabytes the memory of a container may grow after the first third. */
const GROWTH = 40;

interface Member {
  container: Container;
  wire: Wire;
}

/** Runs containers under load, with a fault every 15 s: memory and sockets must not grow, and no write may be lost. */
export const soak: Part = async ({ lab, isWhole, isOver, progress }) => {
  await using lane = await Lane.start(lab, { keepsData: true });
  const ids = Array.from({ length: STORES }, (_, n) => `soak-${n}`);
  await enterStores(lane.clients.primary, ids, { database: 'manystore' });
  await using stack = new AsyncDisposableStack();
  const start = async (name: string): Promise<Member> => {
    const wire = stack.use(await lane.wire());
    return { wire, container: stack.use(await lane.container(name, wire)) };
  };
  const readers = await pMap(READERS, start, { concurrency: 2 });
  const clients = await pMap(WRITERS, start, { concurrency: 2 });
  const members = [...readers, ...clients];
  const started = performance.now();
  const passed = () => (performance.now() - started) / 1_000;
  const isDone = () =>
    isWhole ? passed() > SECONDS : passed() > FEWEST_SECONDS && (isOver() || passed() > SECONDS);
  const writers = new Writers(lane);
  const statuses = new Counts();
  const violations: string[] = [];
  const running = [
    ...readers.map(({ container }) => read(lane, container, { ids, isDone, statuses, violations })),
    ...clients.map(({ container }) => writers.run(container, isDone)),
  ];
  let memory: number[] = [];
  let faults = 0;
  while (!isDone()) {
    await setTimeout((EVERY - LASTS) * 1_000);
    if (isDone()) break;
    const fault = FAULTS[faults % FAULTS.length];
    progress(`after ${Math.round(passed())} s: ${fault?.name}`);
    await fault?.cause(lane, members);
    faults += 1;
    if (faults === 1) memory = members.map(({ container }) => container.memory().now);
  }
  const seconds = Math.round(passed());
  await Promise.all(running);
  await writers.verify();
  const grown = members.map(({ container }, n) => container.memory().now - (memory[n] ?? 0));
  for (const [n, { container, wire }] of members.entries()) {
    if ((grown[n] ?? 0) > GROWTH)
      violations.push(`${container.name} grew by ${Math.round(grown[n] ?? 0)} MB`);
    const { sockets } = lab.cases.find(({ name }) => name === container.name) ?? {};
    for (const name of DEPLOYMENTS)
      if (wire.sockets[name] > socketLimit(name, sockets))
        violations.push(`${container.name} has ${wire.sockets[name]} sockets to ${name}`);
  }
  return {
    did: `${seconds} s under load with ${faults} faults, ${STORES} stores and ${members.length} containers`,
    saw: `reads ${statuses}; writes ${writers.statuses}, of which ${writers.acknowledged} acknowledged and none lost; at most ${Math.round(Math.max(...grown))} MB more`,
    shortened: seconds < SECONDS ? `${seconds} of ${SECONDS} s` : '',
    violations: [...violations, ...writers.violations],
  };
};

async function read(
  lane: Lane,
  container: Container,
  {
    ids,
    isDone,
    statuses,
    violations,
  }: { ids: string[]; isDone: () => boolean; statuses: Counts; violations: string[] },
): Promise<void> {
  const one = lane.lab.cases.find(({ name }) => name === container.name);
  const timeout = lane.lab.artifacts.timeoutOf(container.name);
  for (let n = 0; !isDone(); n++) {
    const event = eventOn(container.name, ids[(n * 7) % ids.length] ?? '') ?? one?.newEvent() ?? {};
    const { end, status } = await container.invoke(event, timeout);
    statuses.add(status);
    if (status !== 200 && status !== 503) {
      violations.push(`${container.name}: ${end} with ${status}: ${container.lastError}`);
      if (end !== 'answered') return;
    }
    await setTimeout(PAUSE);
  }
}

/** Returns the event for a store, if the function reads one. */
function eventOn(name: string, store: string): object | undefined {
  if (name === 'get-store') return eventFor('GET /stores/{store}', { path: { store } });
  if (name === 'list-products')
    return eventFor('GET /stores/{store}/products', { path: { store } });
  return undefined;
}

interface Fault {
  name: string;
  cause: (lane: Lane, members: readonly Member[]) => Promise<void>;
}

const wait = () => setTimeout(LASTS * 1_000);
const proxiesOf = (members: readonly Member[]) => members.flatMap(({ wire }) => wire.each);

const FAULTS: readonly Fault[] = [
  {
    name: 'every socket is closed',
    cause: async (_, members) => {
      for (const proxy of proxiesOf(members)) proxy.cut();
      await wait();
    },
  },
  {
    name: 'the primary is killed and started again',
    cause: async ({ servers }) => {
      await servers.primary.kill();
      await wait();
      await servers.primary.restart();
    },
  },
  {
    name: 'every socket is reset',
    cause: async (_, members) => {
      for (const proxy of proxiesOf(members)) proxy.reset();
      await wait();
    },
  },
  {
    name: 'the servers do not respond',
    cause: async (_, members) => {
      for (const proxy of proxiesOf(members)) proxy.pause();
      await wait();
      for (const proxy of proxiesOf(members)) proxy.resume();
    },
  },
  {
    name: 'the secondary is killed and started again',
    cause: async ({ servers }) => {
      await servers.secondary.kill();
      await wait();
      await servers.secondary.restart();
    },
  },
  {
    name: 'the containers are frozen, and their sockets are closed',
    cause: async (_, members) => {
      for (const { container } of members) container.freeze();
      for (const proxy of proxiesOf(members)) proxy.cut();
      await wait();
      for (const { container } of members) container.thaw();
    },
  },
];
