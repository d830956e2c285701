import type { Connection, mongo } from 'mongoose';
import { abortable } from './deadline.ts';
import { monotonicMs } from './monotonic.ts';
import { retryOnce } from './retry.ts';

/** A moment on both clocks of the process. */
export interface Moment {
  /** Milliseconds as from `Date.now()`. This clock can be wrong, and can be set. */
  readonly wall: number;
  /** Milliseconds as from {@link monotonicMs}. This clock is never set, but may stand still in a frozen container. */
  readonly monotonic: number;
}

/** Returns the current moment, for {@link msSince}. */
export const thisMoment = (): Moment => ({ wall: Date.now(), monotonic: monotonicMs() });

/**
 * Returns the milliseconds since a moment, by the clock that shows more. So what expires is never used for longer because
 * the wall clock was set back, or because the monotonic clock stood still while the container was frozen.
 *
 * @param now the end, by default the current moment
 * @example
 * if (msSince(entry.readAt) > 5_000) entry = await readAgain();
 */
export const msSince = ({ wall, monotonic }: Moment, now = thisMoment()): number =>
  Math.max(Math.abs(now.wall - wall), now.monotonic - monotonic);

/** What the clock of a server showed. */
interface Reading {
  /** The server's time, in milliseconds. */
  readonly time: number;
  /** When the response arrived, so slightly later than the server's time. */
  readonly at: Moment;
}

/** Two exact clocks differ by a few milliseconds after this time. */
const MAX_AGE_MS = 60_000;
/** A reading that took longer is used once. */
const MAX_DELAY_MS = 1_000;

const readings = new WeakMap<mongo.MongoClient, Reading>();

/**
 * Returns the current time by the clock of the server. The clock of a container can be wrong by any time, and those of
 * two containers differ.
 *
 * It sends `hello` at most once a minute per client. In between, it adds the time that has passed since the response. The
 * result is not ahead of the server's clock, but behind by up to the time that the response took.
 * Where milliseconds decide, such as between two requests that want the same lock, let the server compare with its own
 * time: `$$NOW` in a pipeline, or `$currentDate`.
 *
 * @param signal ends the wait for the server
 * @throws the driver's error when the server does not respond, or the reason of `signal`
 * @example
 * await Order.collection.insertOne({ _id, createdAt: await serverTime(connection, deadline.signal) });
 */
export async function serverTime(connection: Connection, signal?: AbortSignal): Promise<Date> {
  const client = connection.getClient();
  const known = readings.get(client);
  const { time, at } = known && isUsable(known) ? known : await read(client, signal);
  return new Date(time + monotonicMs() - at.monotonic);
}

/** Returns whether a reading is recent, and neither clock of the process has been set or has stood still since. */
function isUsable({ at }: Reading): boolean {
  const passed = monotonicMs() - at.monotonic;
  const shown = Date.now() - at.wall;
  return passed < MAX_AGE_MS && Math.abs(shown - passed) < MAX_DELAY_MS;
}

async function read(client: mongo.MongoClient, signal?: AbortSignal): Promise<Reading> {
  const sentAt = thisMoment();
  const hello = () => client.db('admin').command({ hello: 1 }, { readPreference: 'primary' });
  const { localTime } = await abortable(retryOnce(hello), signal);
  const reading = { time: (localTime as Date).getTime(), at: thisMoment() };
  if (msSince(sentAt) < MAX_DELAY_MS) readings.set(client, reading);
  return reading;
}
