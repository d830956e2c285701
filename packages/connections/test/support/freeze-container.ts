import { jest } from '@jest/globals';

/** Moves the wall clock forward, and stops the other clock, as a freeze of the container may do. */
export function freezeContainer(ms: number): void {
  const [wall, monotonic] = [Date.now() + ms, performance.now()];
  jest.spyOn(Date, 'now').mockReturnValue(wall);
  jest.spyOn(performance, 'now').mockReturnValue(monotonic);
}
