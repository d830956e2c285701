import { abortable, deadlineIn } from './deadline.ts';
import { isOfClass } from './error-kind.ts';
import { isBrokenConnection } from './errors.ts';
import { retryOnce } from './retry.ts';
import { type SingleFlight, singleFlight } from './single-flight.ts';

/** The members of a mongoose model that {@link ensureIndexes} uses. */
export interface IndexedModel {
  createIndexes(): Promise<unknown>;
}

const prepared = new WeakMap<object, SingleFlight<void>>();

/**
 * Creates the collection of `model` and the indexes that its schema declares, if they do not exist. It sends commands
 * once per model and process; later calls return immediately. A failure is not cached: the next call tries again.
 *
 * @param signal ends the wait; the server still finishes an index build that has started
 * @throws the server's error, such as a duplicate key; or the reason of `signal`
 * @example
 * const events = bindModel(Event, await archive.open());
 * await ensureIndexes(events);
 */
export function ensureIndexes(model: IndexedModel, signal?: AbortSignal): Promise<void> {
  let prepare = prepared.get(model);
  if (!prepare) {
    prepare = singleFlight(() => createIndexes(model));
    prepared.set(model, prepare);
  }
  return abortable(prepare(), signal);
}

/** Longer than any request waits. Without a timeout, a command that never ends would block all later calls. */
const TIMEOUT_MS = 60_000;

async function createIndexes(model: IndexedModel): Promise<void> {
  using timeout = deadlineIn(TIMEOUT_MS);
  await abortable(createTwice(model), timeout.signal);
}

async function createTwice(model: IndexedModel): Promise<void> {
  try {
    await model.createIndexes();
  } catch (error) {
    // The driver labels this failure as retryable but never retries createIndexes, so `retryOnce()`, which trusts the
    // label, would not retry it either.
    if (!isOfClass(error, 'MongoNetworkError') && !isBrokenConnection(error)) throw error;
    await retryOnce(() => model.createIndexes());
  }
}
