import { median } from './statistics.ts';

/** One line of the table. */
export interface Figure {
  name: string;
  /** What it is compared with; null for a figure without a peer. */
  peer: string | null;
  /** The ratio to the peer; without a peer, what was measured. */
  value: number;
  /** The most that is good; null where nothing is promised. */
  atMost: number | null;
  /** Whether `value` is at most `atMost`; null where nothing is promised. */
  holds: boolean | null;
  /** The medians behind the ratio, in `unit`. */
  ours: number;
  theirs: number | null;
  unit: string;
  /** What else there is to know, such as which function is meant. */
  note?: string;
}

/** What was measured of both sides in one round, one right behind the other. */
export interface Pair {
  ours: number;
  theirs: number;
}

interface What {
  name: string;
  unit: string;
  atMost?: number;
  note?: string;
}

/**
 * Returns a figure of several rounds: the median of their ratios. The speed of a machine may drift by a third during a run,
 * and both sides of a round drift together; the ratio of two medians would compare runs from different minutes.
 */
export function ratioOf(
  pairs: readonly Pair[],
  { peer, ...what }: What & { peer: string },
): Figure {
  const value = median(pairs.map(({ ours, theirs }) => ours / theirs));
  const ours = median(pairs.map((pair) => pair.ours));
  const theirs = median(pairs.map((pair) => pair.theirs));
  return figureOf(what, { peer, value, ours, theirs });
}

/** A figure that stands by itself. */
export const plain = (value: number, what: What): Figure =>
  figureOf(what, { peer: null, value, ours: value, theirs: null });

function figureOf(
  { name, unit, atMost, note }: What,
  { peer, value, ours, theirs }: Pick<Figure, 'peer' | 'value' | 'ours' | 'theirs'>,
): Figure {
  const holds = atMost === undefined ? null : value <= atMost;
  const rest = note === undefined ? {} : { note };
  return { name, peer, value, atMost: atMost ?? null, holds, ours, theirs, unit, ...rest };
}
