import { firstOfEach } from '../cases.ts';
import { CLUSTER, DEPLOYMENTS, socketLimit } from '../databases/deployments.ts';
import { Lane } from '../lane.ts';
import type { Part } from '../part.ts';
import { spread } from '../statistics.ts';

const CONTAINERS = 100;
const FEWER_CONTAINERS = 40;
/** The sockets of this process: a pool's, and its monitors'. */
const OWN = 3;

/** Starts many containers at once, each with a request: all must succeed, within the budget of sockets. */
export const cold: Part = async ({ lab, isWhole }) => {
  await using lane = await Lane.start(lab);
  await using stack = new AsyncDisposableStack();
  // Each request at a time must succeed beside all others, so none of them changes something.
  const reads = firstOfEach(
    lab.cases.filter(({ writes, servers }) => !writes && servers.length > 0),
  );
  const count = isWhole ? CONTAINERS : FEWER_CONTAINERS;
  const chosen = Array.from({ length: count }, (_, n) => reads[n % reads.length] ?? reads[0]);
  const violations: string[] = [];
  const times = await Promise.all(
    chosen.map(async (one) => {
      if (!one) throw new Error('No function reads');
      const started = performance.now();
      const container = stack.use(await lane.container(one.name));
      const { status, body } = await container.invoke(
        one.newEvent(),
        lab.artifacts.timeoutOf(one.name),
      );
      if (status < 200 || status >= 400)
        violations.push(`${one.name}: ${status}: ${container.lastError ?? JSON.stringify(body)}`);
      return performance.now() - started;
    }),
  );
  const sockets: string[] = [];
  for (const server of DEPLOYMENTS) {
    const open = await lane.servers[server].sockets();
    const most = chosen.reduce(
      (sum, one) =>
        server === CLUSTER || one?.servers.includes(server)
          ? sum + socketLimit(server, one?.sockets)
          : sum,
      OWN,
    );
    sockets.push(`${open} sockets to ${server} of at most ${most}`);
    if (open > most) violations.push(sockets.at(-1) ?? '');
  }
  return {
    did: `${count} cold containers of ${reads.length} functions at once, with a request each`,
    saw: `all answered, after ${spread(times)}; ${sockets.join(', ')}`,
    shortened: isWhole ? '' : `${count} of ${CONTAINERS} containers`,
    violations,
  };
};
