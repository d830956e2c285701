import type { Limit } from './leases.ts';

/** Limits how many holders each name has at once; see {@link FairShare.take}. */
export class FairShare {
  readonly #limit: Limit;
  readonly #shares = new Map<string, { held: number; waiting: Set<() => void> | undefined }>();

  /** @param limit the maximum number of holders per name. A function is called each time */
  constructor(limit: Limit) {
    this.#limit = limit;
  }

  /**
   * Takes a place of `name`, to be given back once with {@link giveBack}. While the limit is reached, it waits: callers get
   * their places in the order in which they came. Names do not wait for each other.
   *
   * @param signal ends the wait
   * @returns undefined if there was a place at once; otherwise a promise that resolves with the turn, and rejects with the
   *   reason of `signal`
   */
  take(name: string, signal?: AbortSignal): Promise<void> | undefined {
    const share = this.#shares.get(name);
    if (!share) {
      this.#shares.set(name, { held: 1, waiting: undefined });
      return;
    }
    const limit = typeof this.#limit === 'function' ? this.#limit() : this.#limit;
    // A place that is given back goes to the first that waits, and `held` remains.
    if (share.held >= limit) {
      share.waiting ??= new Set();
      return turn(share.waiting, signal);
    }
    share.held += 1;
  }

  /** Gives a place of `name` back. */
  giveBack(name: string): void {
    const share = this.#shares.get(name);
    if (!share) return;
    const [next] = share.waiting ?? [];
    if (next) next();
    else if (share.held > 1) share.held -= 1;
    else this.#shares.delete(name);
  }
}

/** Waits until its function in `waiting` is called. An aborted wait leaves no function there. */
function turn(waiting: Set<() => void>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const next = () => {
      waiting.delete(next);
      signal?.removeEventListener('abort', abort);
      resolve();
    };
    const abort = () => {
      waiting.delete(next);
      reject(signal?.reason);
    };
    waiting.add(next);
    signal?.addEventListener('abort', abort, { once: true });
  });
}
