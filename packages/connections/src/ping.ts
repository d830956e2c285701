import { setTimeout as sleep } from 'node:timers/promises';
import { isOfClass } from './error-kind.ts';
import { isUnavailable } from './errors.ts';
import { failedSelection } from './topology.ts';

/** How long a ping is repeated, and the pause before each repetition, in milliseconds. */
const REPEAT_MS = 5_000;
const PAUSE_MS = 50;

/** How often a ping is repeated after errors for which the driver closes every socket that may be old. */
const MAX_FRESH_FAILURES = 2;

/** Whether a ping may succeed when it is sent again at once, over another socket. */
const isWorthRepeating = (error: unknown): boolean =>
  isUnavailable(error) && !failedSelection(error) && !isOfClass(error, 'MongoNetworkTimeoutError');

/** Whether the next ping may get an old socket, or none: a bare error of Node, or that of a ping that waited for a socket. */
const mayMeetOldSocket = (error: unknown): boolean =>
  !isOfClass(error, 'MongoError') || isOfClass(error, 'MongoPoolClearedError');

/**
 * Sends a ping, and repeats it for up to 5 s while sockets break. After a freeze all sockets of a pool may be closed,
 * and each fails at its next use. The driver never retries a ping.
 *
 * @param send sends one ping
 * @param signal ends the repetition
 * @throws what the last ping throws, or the reason of `signal`
 */
export async function pingRepeatedly(
  send: () => Promise<unknown>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const end = Date.now() + REPEAT_MS;
  for (let freshFailures = 0; ; ) {
    try {
      await send();
      return;
    } catch (error) {
      if (!mayMeetOldSocket(error)) freshFailures += 1;
      const isOver = freshFailures > MAX_FRESH_FAILURES || Date.now() >= end;
      if (isOver || !isWorthRepeating(error)) throw error;
    }
    await sleep(PAUSE_MS, undefined, signal ? { signal } : {}).catch(() => {});
    signal?.throwIfAborted();
  }
}
