import { setImmediate } from 'node:timers/promises';

/** Waits until `condition` holds. The test's timeout ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}
