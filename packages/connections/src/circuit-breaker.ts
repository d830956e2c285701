import { abortable, deadlineIn } from './deadline.ts';
import { isUnavailable } from './errors.ts';

/**
 * The servers of a connection do not respond, so the operation was not attempted: nothing was sent. Respond with 503
 * and Retry-After. `cause` is the error of the probe, if this call was the probe.
 */
export class CircuitOpen extends Error {
  constructor(cause?: unknown) {
    super('The servers of this connection do not respond; the operation was not attempted', {
      cause,
    });
  }

  // On the prototype, as in the errors of the driver.
  override get name() {
    return 'CircuitOpen';
  }
}

/** How long a probe waits for a response, in milliseconds. */
export const PROBE_MS = 1_000;

/**
 * How long calls keep finding no server until the circuit opens, in milliseconds. With the 5 s of a server selection,
 * that is longer than the election of a primary, which ends within 12 s: a call that waits for it succeeds.
 */
const OUTAGE_MS = 10_000;

/** The circuit breaker of one connection. It has no timers, because a frozen container runs none. */
export class CircuitBreaker {
  /** When the first of the calls failed that have found no server since, in milliseconds as from `Date.now()`. */
  #failedAt: number | undefined;
  #isOpen = false;
  #isProbing = false;
  readonly #onChange: (isOpen: boolean) => void;

  /** @param onChange is called when the circuit opens or closes */
  constructor(onChange: (isOpen: boolean) => void) {
    this.#onChange = onChange;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Records that a whole server selection failed. Opens the circuit if calls have found no server for 10 s. */
  recordOutage(): void {
    const now = Date.now();
    this.#failedAt ??= now;
    if (now - this.#failedAt >= OUTAGE_MS) this.open();
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#onChange(true);
  }

  close(): void {
    this.#failedAt = undefined;
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onChange(false);
  }

  /**
   * Tries the servers while the circuit is open, for at most a second and one call at a time. Closes the circuit if they
   * respond, even with an error.
   *
   * @param attempt receives a signal that ends it
   * @param signal ends it earlier
   * @throws {CircuitOpen} while another call probes, or when the servers do not respond
   * @throws what `attempt` throws when the servers responded, or the reason of `signal`
   */
  async probe<T>(attempt: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.#isProbing) throw new CircuitOpen();
    this.#isProbing = true;
    using limit = deadlineIn(PROBE_MS);
    const either = signal ? AbortSignal.any([signal, limit.signal]) : limit.signal;
    try {
      const result = await abortable(attempt(either), either);
      this.close();
      return result;
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (limit.signal.aborted || isUnavailable(error)) throw new CircuitOpen(error);
      this.close();
      throw error;
    } finally {
      this.#isProbing = false;
    }
  }
}
