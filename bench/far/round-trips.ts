import type { Step } from './far-proxy.ts';

/** What a round trip takes at least, by the clock: timers and clocks are not exact. */
const TOLERANCE = 0.95;

/**
 * Returns the number of steps that followed one another, each after the response to the one before. A step that reaches its
 * server within a round trip of another one cannot have waited for it.
 *
 * @param roundTrip in milliseconds. It must be long, compared with the pauses of a process that does not wait
 */
export function roundTripsInARow(steps: readonly Step[], roundTrip: number): number {
  const sorted = steps.toSorted((a, b) => a.at - b.at);
  /** The length of the longest chain that ends with each step. */
  const lengths: number[] = [];
  for (const { at } of sorted) {
    const before = lengths.filter(
      (_, index) => at - (sorted[index]?.at ?? at) >= TOLERANCE * roundTrip,
    );
    lengths.push(1 + Math.max(0, ...before));
  }
  return Math.max(0, ...lengths);
}

/** Returns what each connection sent, by the connection's name. */
export function stepsByConnection(steps: readonly Step[]): Record<string, string[]> {
  const named = Map.groupBy(steps, ({ connection }) => connection);
  return Object.fromEntries(
    [...named].map(([connection, each]) => [connection, each.map(({ what }) => what)]),
  );
}
