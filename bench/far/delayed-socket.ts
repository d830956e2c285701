import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** How far away a server is. It may change between two connections. */
export interface Distance {
  /** Milliseconds that each direction takes. */
  oneWay: number;
}

/** A timer of Node may be late by more than a millisecond, so the last one is spent in turns of the event loop. */
const TURNS_MS = 1.5;

/**
 * A socket as it would be if the other end were far away: whatever is sent arrives after `oneWay` milliseconds, in order.
 *
 * The kernel completes the TCP handshake at once. So data from the other end counts as sent at the earliest when the
 * handshake would have been complete: a round trip after the socket was accepted.
 */
export class DelayedSocket extends Duplex {
  readonly #socket: Socket;
  readonly #oneWay: number;

  constructor(socket: Socket, { oneWay }: Distance) {
    super();
    this.#socket = socket;
    this.#oneWay = oneWay;
    const arrive = inOrder(2 * oneWay);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => arrive(this.#oneWay, () => this.push(chunk)));
    socket.on('end', () => arrive(this.#oneWay, () => this.push(null)));
    socket.on('error', () => this.destroy()).on('close', () => this.destroy());
  }

  readonly #leave = inOrder();

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#leave(this.#oneWay, () => this.#socket.write(chunk));
    done();
  }

  override _final(done: () => void): void {
    this.#leave(this.#oneWay, () => this.#socket.end());
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

/**
 * Returns what runs actions after their delay in milliseconds, never before an earlier one.
 *
 * @param handshake the delays begin after this time at the earliest
 */
function inOrder(handshake = 0): (delay: number, act: () => void) => void {
  const queue: { due: number; act: () => void }[] = [];
  const openAt = performance.now() + handshake;
  let lastDue = 0;
  const run = () => {
    const [next] = queue;
    if (!next) return;
    const left = next.due - performance.now();
    if (left > TURNS_MS) setTimeout(run, left - TURNS_MS);
    else if (left > 0) setImmediate(run);
    else {
      queue.shift();
      next.act();
      run();
    }
  };
  return (delay, act) => {
    if (delay === 0 && queue.length === 0) return act();
    lastDue = Math.max(lastDue, Math.max(openAt, performance.now()) + delay);
    if (queue.push({ due: lastDue, act }) === 1) run();
  };
}
