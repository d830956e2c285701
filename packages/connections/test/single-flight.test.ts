import { describe, expect, it, jest } from '@jest/globals';
import { singleFlight } from '../src/single-flight.ts';

/** A single flight whose first run hangs until `fail` is called. Each later run returns its number. */
function firstHanging() {
  const { promise, reject: fail } = Promise.withResolvers<number>();
  let runs = 0;
  const flight = singleFlight(() => (++runs === 1 ? promise : Promise.resolve(runs)));
  return { flight, fail };
}

describe('a single flight', () => {
  it('returns the result of one run to all callers', async () => {
    let runs = 0;
    const flight = singleFlight(async () => ++runs);
    expect(await Promise.all([flight(), flight(), flight()])).toEqual([1, 1, 1]);
    expect(await flight()).toBe(1);
  });

  it('rejects every waiting caller, and does not cache the failure', async () => {
    let runs = 0;
    const flight = singleFlight(async () => {
      if (++runs === 1) throw new Error('first');
      return runs;
    });
    const results = await Promise.allSettled([flight(), flight()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await flight()).toBe(2);
  });

  it('retries once for all late callers', async () => {
    const { flight, fail } = firstHanging();
    const first = flight();
    const [seconds, nanoseconds] = process.hrtime();
    jest.spyOn(process, 'hrtime').mockReturnValue([seconds + 2, nanoseconds]);
    const late = [flight(), flight()];
    fail(new Error('the server was unavailable'));
    await expect(first).rejects.toThrow('the server was unavailable');
    expect(await Promise.all(late)).toEqual([2, 2]);
    jest.restoreAllMocks();
  });

  it('ignores the failure of a run that was forgotten', async () => {
    const { flight, fail } = firstHanging();
    const first = flight();
    flight.forget();
    expect(await flight()).toBe(2);
    fail(new Error('late'));
    await expect(first).rejects.toThrow('late');
    expect(await flight()).toBe(2);
  });
});

it('does not retry for a late caller after forget()', async () => {
  const { flight, fail } = firstHanging();
  const first = flight();
  const [seconds, nanoseconds] = process.hrtime();
  jest.spyOn(process, 'hrtime').mockReturnValue([seconds + 2, nanoseconds]);
  const late = flight();
  flight.forget();
  fail(new Error('closed'));
  await expect(first).rejects.toThrow('closed');
  await expect(late).rejects.toThrow('closed');
  jest.restoreAllMocks();
});
