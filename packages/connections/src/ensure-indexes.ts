import { abortable, deadlineIn } from './deadline.ts';
import { isOfClass } from './error-kind.ts';
import { isBrokenConnection } from './errors.ts';
import { type SingleFlight, singleFlight } from './single-flight.ts';

/** What {@link ensureIndexes} needs of a mongoose model, whatever its type parameters are. */
export interface IndexedModel {
  createIndexes(): Promise<unknown>;
}

const prepared = new WeakMap<object, SingleFlight<void>>();

/**
 * Creates the collection and the indexes that the schema of `model` declares, where they are missing. The
 * server is asked once per model and process: later calls cost nothing. A failure is forgotten.
 *
 * @param signal ends the wait; the server finishes an index that it has begun
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

/** Longer than any request waits. Without it, a command that never ends would never be sent again. */
const TIMEOUT_MS = 60_000;

async function createIndexes(model: IndexedModel): Promise<void> {
  using timeout = deadlineIn(TIMEOUT_MS);
  await abortable(createTwice(model), timeout.signal);
}

async function createTwice(model: IndexedModel): Promise<void> {
  try {
    await model.createIndexes();
  } catch (error) {
    // The driver labels this failure like one of a write that it has retried, and has not retried it: so
    // `retryOnce()` would not either.
    if (!isOfClass(error, 'MongoNetworkError') && !isBrokenConnection(error)) throw error;
    await model.createIndexes();
  }
}
