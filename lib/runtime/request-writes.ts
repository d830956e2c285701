import { AsyncLocalStorage } from 'node:async_hooks';

/*
 * Whether the current request may have changed something. A client whose request fails needs to know: it decides whether
 * the request can be repeated. All code of a request shares the state, including steps with a signal or a database of
 * their own, so it is kept in AsyncLocalStorage: a step that forgot to pass it on would hide a change.
 */

interface Writes {
  mayBeApplied: boolean;
}

const requests = new AsyncLocalStorage<Writes>();

/** Runs a request that may change something, and tracks its writes. */
export const trackWrites = <R>(request: () => R): R =>
  requests.run({ mayBeApplied: false }, request);

/** Records that a write of the current request was applied, or may have been. */
export function recordWrite(): void {
  const writes = requests.getStore();
  if (writes) writes.mayBeApplied = true;
}

/** Returns whether a write of the current request was applied, or may have been. */
export const mayHaveWritten = (): boolean => requests.getStore()?.mayBeApplied ?? false;
