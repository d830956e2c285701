import { eventFor } from '../../../bench/event.ts';
import { type Body, bodies } from '../../../bench/hostile-bodies.ts';
import { enterStores } from '../../../bench/records.ts';
import { Lane } from '../lane.ts';
import type { Part } from '../part.ts';

/** The memory of a function, in megabytes. */
const MEMORY = 512;
const FEWER = 8;

/** Sends the largest legitimate and the worst bodies, each to a new container with Lambda's heap. */
export const memory: Part = async ({ lab, isWhole, isOver, progress }) => {
  await using lane = await Lane.start(lab);
  const chosen = isWhole ? bodies : byImportance(bodies);
  const violations: string[] = [];
  let most = { peak: 0, name: '' };
  let done = 0;
  for (const body of chosen) {
    if (!isWhole && done >= FEWER && isOver()) break;
    progress(body.name);
    const { peak, violation } = await send(lane, body);
    if (violation) violations.push(violation);
    if (peak > most.peak) most = { peak, name: body.name };
    done += 1;
  }
  return {
    did: `${done} bodies of up to 6 MB, each to a new container of 512 MB`,
    saw: `peak memory (RSS; no cgroup) of at most ${Math.round(most.peak)} MB: ${most.name}`,
    shortened: done < bodies.length ? `${done} of ${bodies.length} bodies` : '',
    violations,
  };
};

/** The accepted bodies, which are stored as well, and the rejected ones in turn. */
function byImportance(all: readonly Body[]): Body[] {
  const legitimate = all.filter(({ status }) => status < 300);
  const rejected = all.filter(({ status }) => status >= 300);
  return all.flatMap((_, n) => [legitimate[n], rejected[n]]).filter((body) => body !== undefined);
}

async function send(lane: Lane, body: Body) {
  const store = 'large';
  await lane.reset();
  await enterStores(lane.clients.primary, [store], { database: 'manystore' });
  const products = lane.clients.primary.db(`store_${store}`).collection('products');
  await products.createIndex({ sku: 1 }, { unique: true });
  await using container = await lane.container(body.to);
  const names = [...body.route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const path = Object.fromEntries(
    names.map((name) => [name, name === 'store' ? store : '0'.repeat(24)]),
  );
  const headers = {
    'content-type': body.type,
    ...(body.key ? { 'idempotency-key': body.key } : {}),
  };
  const event = eventFor(body.route, { path, headers, body: body.text });
  const { end, status } = await container.invoke(event, lane.lab.artifacts.timeoutOf(body.to));
  if (end !== 'answered') return { peak: 0, violation: `${body.name}: ${end}` };
  const { peak } = container.memory();
  if (peak > MEMORY) return { peak, violation: `${body.name}: ${Math.round(peak)} MB` };
  // A slow server may not store all of a file before the time limit.
  if (status !== body.status && status !== 503)
    return { peak, violation: `${body.name}: ${status} and not ${body.status}` };
  return { peak };
}
