import { describe, expect, it } from '@jest/globals';
import { singleFlight } from '../../lib/single-flight.ts';

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
});
