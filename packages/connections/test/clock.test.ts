import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Connection } from 'mongoose';
import { msSince, serverTime, thisMoment } from '../src/index.ts';
import { manage, serve } from './support/served.ts';

const HOUR = 3_600_000;
const { proxy } = await serve();

afterEach(() => void jest.restoreAllMocks());

/** Sets the wall clock of this process, which the server shares, to `ms` from now. */
function setWallClock(ms: number): void {
  const { now } = Date;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + ms);
}

describe('the time since a moment', () => {
  it.each([
    ['set back', -HOUR],
    ['set forward', HOUR],
  ])('is not shorter because the wall clock was %s', (_, ms) => {
    const moment = thisMoment();
    setWallClock(ms);
    expect(msSince(moment)).toBeGreaterThan(HOUR - 60_000);
  });

  it('includes a freeze in which the monotonic clock stood still', () => {
    const { wall, monotonic } = thisMoment();
    expect(msSince({ wall: wall - HOUR, monotonic })).toBeGreaterThanOrEqual(HOUR);
    expect(msSince({ wall, monotonic: monotonic - HOUR })).toBeGreaterThanOrEqual(HOUR);
  });
});

describe("the server's time", () => {
  it('is asked once, and again when the clock of this process was set', async () => {
    const connection = await manage(proxy.uri, {
      connect: (opening: Connection) => opening.openUri(proxy.uri, { monitorCommands: true }),
    }).open();
    let count = 0;
    connection.getClient().on('commandStarted', ({ commandName }) => {
      if (commandName === 'hello') count += 1;
    });
    const times = [await serverTime(connection), await serverTime(connection)];
    expect(count).toBe(1);
    setWallClock(HOUR);
    await serverTime(connection);
    await serverTime(connection);
    expect(count).toBe(2);
    jest.restoreAllMocks();
    for (const time of times) expect(Math.abs(time.getTime() - Date.now())).toBeLessThan(60_000);
  });
});
