import type { Model } from 'mongoose';
import { abortable } from '../deadline.ts';
import { retryOnce } from '../retry.ts';
import { type SingleFlight, singleFlight } from '../single-flight.ts';

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
    prepare = singleFlight(() => retryOnce(() => model.createIndexes()));
    prepared.set(model, prepare);
  }
  return abortable(prepare(), signal);
}
