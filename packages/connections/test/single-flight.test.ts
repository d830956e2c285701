import { describe, expect, it, jest } from '@jest/globals';
import { singleFlight } from '../src/single-flight.ts';

/** A flight whose first run ends when it is failed; the others give their number. */
function firstHanging() {
  const { promise, reject: fail } = Promise.withResolvers<number>();
  let runs = 0;
  const flight = singleFlight(() => (++runs === 1 ? promise : Promise.resolve(runs)));
  return { flight, fail };
}

describe('a single flight', () => {
  it('gives all who call the result of one run', async () => {
    let runs = 0;
    const flight = singleFlight(async () => ++runs);
    expect(await Promise.all([flight(), flight(), flight()])).toEqual([1, 1, 1]);
    expect(await flight()).toBe(1);
  });

  it('forgets a failure after all who wait have had it', async () => {
    let runs = 0;
    const flight = singleFlight(async () => {
      if (++runs === 1) throw new Error('first');
      return runs;
    });
    const results = await Promise.allSettled([flight(), flight()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await flight()).toBe(2);
  });

  it('tries again once for all late callers', async () => {
    const { flight, fail } = firstHanging();
    const first = flight();
    const now = performance.now();
    jest.spyOn(performance, 'now').mockReturnValue(now + 2_000);
    const late = [flight(), flight()];
    fail(new Error('the server was away'));
    await expect(first).rejects.toThrow('the server was away');
    expect(await Promise.all(late)).toEqual([2, 2]);
    jest.restoreAllMocks();
  });

  it('is not ended by the failure of one that was forgotten', async () => {
    const { flight, fail } = firstHanging();
    const first = flight();
    flight.forget();
    expect(await flight()).toBe(2);
    fail(new Error('late'));
    await expect(first).rejects.toThrow('late');
    expect(await flight()).toBe(2);
  });
});

it('does not run again for a late caller when it was forgotten', async () => {
  const { flight, fail } = firstHanging();
  const first = flight();
  const now = performance.now();
  jest.spyOn(performance, 'now').mockReturnValue(now + 2_000);
  const late = flight();
  flight.forget();
  fail(new Error('closed'));
  await expect(first).rejects.toThrow('closed');
  await expect(late).rejects.toThrow('closed');
  jest.restoreAllMocks();
});
