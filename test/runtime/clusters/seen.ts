import { percentile } from '../statistics.ts';

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
