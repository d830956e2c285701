/**
 * How long the tests run. `npm test` is made for a person who waits for it; with TEST_LENGTH=full, as in continuous
 * integration, the tests below try every combination.
 */
export const isFullLength = process.env.TEST_LENGTH === 'full';

/**
 * Returns all elements at full length; otherwise at most `count` of them, evenly spaced, with the first and the last. A
 * `count` of 1 returns the first.
 */
export function sampleOf<T>(all: readonly T[], count: number): T[] {
  if (isFullLength || all.length <= count) return [...all];
  if (count === 1) return all.slice(0, 1);
  const step = (all.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, i) => all[Math.round(i * step)] as T);
}

/** Returns how often to repeat something, or of how many items to make it: a fifth of `count`, or all at full length. */
export const shareOf = (count: number): number => (isFullLength ? count : Math.ceil(count / 5));

/**
 * Returns the command that the next round of a test fails on the wire, after the n-th: every command at full length;
 * otherwise with growing gaps, because the first commands differ most.
 */
export const nextCommand = (n: number): number => (isFullLength ? n + 1 : Math.ceil(n * 1.5));
