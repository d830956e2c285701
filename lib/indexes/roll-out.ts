import { DeadlineExceeded, isUnavailable } from '@manystore/connections';
import pMap from 'p-map';
import { connect, leaseStore, reportFailure } from '../connections.ts';
import type { TaskTime } from '../http/task-contract.ts';
import { describeError, log } from '../runtime/log.ts';
import { SERVER_NAMES } from '../runtime/servers.ts';
import { readEntry } from '../stores/entries.ts';
import { countOpenStores, everyStore, OPEN_STATUSES } from '../stores/every-store.ts';
import { type AdmittedStore, admittedFrom } from '../stores/registry.ts';
import { type Alignment, alignIndexes } from './alignment.ts';
import { modelsIn } from './collections.ts';
import type { PlaceResult, RollOutInput, RollOutResult } from './schema.ts';

/** Places at once: below the primary's five sockets. */
const AT_ONCE = 4;
/**
 * Compares the indexes of every place with the schemas', and applies the difference if it is asked to. A place
 * that fails does not stop the others, unless the stores' server is away, as it would be for the others too.
 *
 * It stops between stores when the time is nearly up, and says where to go on. All of it can be repeated: an
 * index that is there is not made again. Stores stay open meanwhile: from MongoDB 4.2 on, an index is built
 * without keeping writers out but for a moment at its beginning and its end.
 */
export async function rollOut(
  { after, limit, ...how }: RollOutInput,
  { signal, hasTime }: TaskTime,
): Promise<RollOutResult> {
  const total = SERVER_NAMES.length + (await countOpenStores(signal));
  const outcomes: Outcome[] = [];
  const look = async (place: string, align: () => Promise<Alignment>) => {
    const outcome = await outcomeOf(place, how, align);
    outcomes.push(outcome);
    return outcome;
  };
  if (after === undefined)
    await Promise.all(
      SERVER_NAMES.map((server) =>
        look(server, async () =>
          alignIndexes(modelsIn(server, await connect(server, signal)), how, signal),
        ),
      ),
    );

  const entries = everyStore(signal, { statuses: OPEN_STATUSES, after, pageSize: limit + 1 });
  const { value = [] } = await entries.next();
  const stores: AdmittedStore[] = value.map(admittedFrom);
  let last: AdmittedStore | undefined;
  let isAway = false;
  const lookAtStore = async (store: AdmittedStore) => {
    // One at least: whoever invokes it again and again comes to an end.
    if (last && (isAway || !hasTime())) return;
    last = store;
    // A run takes minutes: in a store that was closed meanwhile, an index would make the database again.
    const requireOpen = async () => {
      const { status } = await readEntry(store.id, signal);
      if (!OPEN_STATUSES.some((open) => open === status)) throw new ClosedMeanwhile();
    };
    const { away } = await look(`store_${store.id}`, async () => {
      using lease = await leaseStore(store.id, signal);
      return await alignIndexes(modelsIn('store', lease.connection), how, signal, requireOpen);
    });
    isAway ||= away;
  };
  await pMap(stores.slice(0, limit), lookAtStore, { concurrency: AT_ONCE });

  const places = outcomes.flatMap(({ result }) => result ?? []);
  const failed = places.filter(({ result }) => result === 'failed').length;
  return {
    mode: how.mode,
    total,
    checked: outcomes.length,
    changed: places.length - failed,
    failed,
    places: places.toSorted((one, other) => (one.place < other.place ? -1 : 1)),
    next: last && last.id !== stores.at(-1)?.id ? last.id : null,
  };
}

/** A store is no place any more. */
class ClosedMeanwhile extends Error {
  override readonly name = 'ClosedMeanwhile';
}

interface Outcome {
  /** None for a place that needs nothing. */
  result: PlaceResult | undefined;
  /** Whether its server could not be reached. */
  away: boolean;
}

async function outcomeOf(
  place: string,
  { mode }: Pick<RollOutInput, 'mode'>,
  align: () => Promise<Alignment>,
): Promise<Outcome> {
  try {
    const { create, drop, reasons } = await align();
    const isFailed = reasons.length > 0;
    if (!isFailed && create.length + drop.length === 0) return { result: undefined, away: false };
    const done = mode === 'plan' ? 'planned' : 'done';
    const reason = isFailed ? { reason: reasons.join('; ') } : {};
    return {
      result: { place, create, drop, result: isFailed ? 'failed' : done, ...reason },
      away: false,
    };
  } catch (error) {
    if (error instanceof ClosedMeanwhile) return { result: undefined, away: false };
    reportFailure(error);
    log.warn('place.failed', { place, error: describeError(error) });
    return {
      result: { place, create: [], drop: [], result: 'failed', reason: reasonFor(error) },
      away: isUnavailable(error),
    };
  }
}

function reasonFor(error: unknown): string {
  if (error instanceof DeadlineExceeded)
    return 'timed out; the server continues to build an index that it has started';
  if (isUnavailable(error)) return 'the server is not responding';
  return 'unexpected error; see the log';
}
