import { isView, toView, type View } from './bson/values.ts';
import { MongoCommandError } from './errors.ts';
import type { Parameters } from './parameters.ts';
import { search } from './query/plan.ts';
import { WriteConflict } from './storage/conflict.ts';
import type { IndexReader } from './storage/index.ts';
import type { Store } from './storage/store.ts';
import type { StoredCollection } from './storage/stored-collection.ts';

/** Returns the filter for the expired documents of an index, or undefined if it is not a TTL index. */
function expiredBy({ definition, fields, partial }: IndexReader, now: number): View | undefined {
  const seconds = toView(definition.get('expireAfterSeconds') ?? null);
  const [only, ...others] = fields;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || !only || others.length > 0) {
    return undefined;
  }
  const expired = { [only.path]: { $lte: new Date(now - seconds * 1000) } };
  return isView(partial) ? { $and: [partial, expired] } : expired;
}

function sweepCollection(collection: StoredCollection, now: number): void {
  for (const index of collection.indexes) {
    const filter = expiredBy(index, now);
    if (!filter) continue;
    for (const document of [...search(collection, filter)]) {
      try {
        collection.remove(document);
      } catch (error) {
        // An open transaction has changed the document. The next sweep checks it again.
        if (!(error instanceof WriteConflict)) throw error;
      }
    }
  }
}

/**
 * Removes every expired document of the collections that have a TTL index.
 *
 * @param store all databases
 * @param now the current time, in milliseconds since the epoch
 */
export function removeExpired(store: Store, now: number): void {
  for (const database of store.databaseNames()) {
    for (const collection of store.collections(database).values()) {
      sweepCollection(collection, now);
    }
  }
  store.changes.settle();
}

/** Removes expired documents periodically. Its timer does not keep the process alive. */
export class TtlMonitor {
  readonly #store: Store;
  readonly #parameters: Parameters;
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Store, parameters: Parameters) {
    this.#store = store;
    this.#parameters = parameters;
    parameters.onChange(() => {
      if (this.#timer) this.start();
    });
  }

  /** Starts, or restarts with the current interval. */
  start(): void {
    this.stop();
    const { ttlMonitorSleepSecs } = this.#parameters.settings;
    this.#timer = setInterval(() => this.#sweep(), ttlMonitorSleepSecs * 1000).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #sweep(): void {
    if (!this.#parameters.settings.ttlMonitorEnabled) return;
    try {
      removeExpired(this.#store, Date.now());
    } catch (error) {
      // The data folder cannot be written. The next write reports that to its client.
      if (!(error instanceof MongoCommandError)) throw error;
    }
  }
}
