import { eventFor } from '../../../bench/event.ts';
import { enterStores } from '../../../bench/records.ts';
import { socketLimit } from '../databases/deployments.ts';
import { Lane } from '../lane.ts';
import type { Part } from '../part.ts';
import { Counts } from '../statistics.ts';

const STORES = 2_000;
const REQUESTS = 10_000;
const LIMIT = 50;
/** Without a common divisor with the number of stores, so that each is visited as often. */
const STRIDE = 617;
/** A container holds as many handles as it may after this many requests; it may not grow by more megabytes afterwards. */
const FILLED = 300;
/** By then, V8's young generation is as large as Lambda allows, about 60 MB. It grows with the first thousands of requests. */
const GROWN = 5_000;
const GROWTH = 40;

/** Sends one container requests for many more stores than it may hold handles of. */
export const stores: Part = async ({ lab, isOver, isWhole }) => {
  await using lane = await Lane.start(lab);
  const ids = Array.from({ length: STORES }, (_, n) => `many-${n}`);
  await enterStores(lane.clients.primary, ids, { database: 'manystore' });
  await using wire = await lane.wire();
  const env = { STORE_HANDLE_LIMIT: String(LIMIT), POWERTOOLS_LOG_LEVEL: 'WARN' };
  await using container = await lane.container('list-products', wire, env);
  const statuses = new Counts();
  let filled = 0;
  let sent = 0;
  let most = 0;
  while (sent < REQUESTS && (isWhole || sent < FILLED * 2 || !isOver())) {
    const store = ids[(sent * STRIDE) % STORES] ?? '';
    const event = eventFor('GET /stores/{store}/products', { path: { store } });
    const { status } = await container.invoke(event, lab.artifacts.timeoutOf('list-products'));
    statuses.add(status);
    sent += 1;
    most = Math.max(most, wire.sockets.primary);
    if (sent === (isWhole ? GROWN : FILLED)) filled = container.memory().now;
  }
  const grown = container.memory().now - filled;
  const violations: string[] = [];
  if (statuses.of(200) !== sent) violations.push(`${statuses}: ${container.lastError}`);
  if (grown > GROWTH) violations.push(`the memory grew by ${Math.round(grown)} MB`);
  if (most > socketLimit('primary')) violations.push(`${most} sockets`);
  return {
    did: `${sent} requests for ${Math.min(sent, STORES)} stores to one container with a limit of ${LIMIT} handles`,
    saw: `${statuses}; ${Math.round(filled)} MB, and ${Math.round(grown)} MB more in the end; at most ${most} sockets`,
    shortened: sent < REQUESTS ? `${sent} of ${REQUESTS} requests` : '',
    violations,
  };
};
