import type { Model } from 'mongoose';
import { abortable, deadlineIn } from './deadline.ts';
import { retryOnce } from './retry.ts';
import { type SingleFlight, singleFlight } from './single-flight.ts';

const prepared = new WeakMap<object, SingleFlight<void>>();

/**
 * Makes the collection and the indexes that the schema of `model` declares, where they are missing.
 * A container asks the server once per model: later calls cost nothing.
 *
 * @param signal ends the wait; the server finishes an index that it has begun
 */
export function ensureIndexes<T>(model: Model<T>, signal?: AbortSignal): Promise<void> {
  let prepare = prepared.get(model);
  if (!prepare) {
    prepare = singleFlight(() => createIndexes(model));
    prepared.set(model, prepare);
  }
  return abortable(prepare(), signal);
}

/** Longer than any request waits. Without an end, a command that never ends would keep its place for ever. */
const PATIENCE_MS = 60_000;

async function createIndexes<T>(model: Model<T>): Promise<void> {
  using patience = deadlineIn(PATIENCE_MS);
  await abortable(
    retryOnce(() => model.createIndexes()),
    patience.signal,
  );
}
