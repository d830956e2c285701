import { jest } from '@jest/globals';

/** Moves the wall clock forward, and stops the other clock, as a freeze of the container may do. */
export function freezeContainer(ms: number): void {
  const [wall, monotonic] = [Date.now() + ms, process.hrtime()];
  jest.spyOn(Date, 'now').mockReturnValue(wall);
  jest.spyOn(process, 'hrtime').mockReturnValue(monotonic);
}
