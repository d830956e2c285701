/**
 * How long the tests run. `npm test` is made for a person who waits for it; with TEST_LENGTH=full, as in continuous
 * integration, the tests below try every combination.
 */
export const isFullLength = process.env.TEST_LENGTH === 'full';

/** Returns all elements at full length; otherwise at most `count` of them, evenly spaced, with the first and the last. */
export function sampleOf<T>(all: readonly T[], count: number): T[] {
  if (isFullLength || all.length <= count) return [...all];
  const step = (all.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, i) => all[Math.round(i * step)] as T);
}

/**
 * Returns how many commands further the next round of a test fails the wire: every command at full length; otherwise
 * the first three, and then every `stride`-th.
 */
export const nextCommand = (n: number, stride = 3): number =>
  isFullLength || n < 3 ? n + 1 : n + stride;
