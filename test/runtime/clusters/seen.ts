import type { Served } from '../lambda/fleet.ts';
import { Counts, percentile } from '../statistics.ts';

/** The part of a row that one of the scenarios of `clusters` contributes. */
export interface Seen {
  did: string;
  saw: string;
  shortened: string;
  violations: string[];
}

/** Returns milliseconds such as `2.1 / 6.4 ms`: the median and the 99th percentile. */
export const medianAnd99 = (values: readonly number[]): string =>
  `${[50, 99].map((percent) => percentile(values, percent).toFixed(1)).join(' / ')} ms`;

/** Returns how many requests had another status, or waited for a container. */
export function wrong(
  outcomes: readonly (Pick<Served, 'status'> & Partial<Served>)[],
  status: number,
  what: string,
): string[] {
  const others = new Counts();
  for (const outcome of outcomes) if (outcome.status !== status) others.add(outcome.status);
  const late = outcomes.filter(({ hasWaited }) => hasWaited).length;
  return [
    ...(`${others}` === 'none' ? [] : [`requests ${what}: ${others}, and not ${status}`]),
    ...(late > 0 ? [`requests ${what}: ${late} waited for a container`] : []),
  ];
}
