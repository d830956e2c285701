/**
 * Returns how many workers run the tests where jest would start `maxWorkers`: half as many again, because tests wait for
 * a third of their time. Jest's own setting accepts no percentage above 100.
 */
export const workersFor = (maxWorkers) => Math.floor(maxWorkers * 1.5);
