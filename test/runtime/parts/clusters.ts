import { manyContainers } from '../clusters/many-containers.ts';
import { oneContainer } from '../clusters/one-container.ts';
import { enterStoresOfBoth } from '../clusters/stores.ts';
import { Lane } from '../lane.ts';
import type { Part } from '../part.ts';

/**
 * Delays everything that a cluster receives and sends, under one container and under many: the stores on other clusters must
 * be as fast as in calm rounds, and find a container.
 */
export const clusters: Part = async ({ lab, ...options }) => {
  await using lane = await Lane.start(lab);
  const requests = await enterStoresOfBoth(lane);
  const many = await manyContainers(lane, requests, options);
  const one = await oneContainer(lane, requests, options);
  return {
    did: `${one.did}; ${many.did}`,
    saw: `${one.saw}. ${many.saw}`,
    shortened: [one.shortened, many.shortened].filter(Boolean).join('; '),
    violations: [...one.violations, ...many.violations],
  };
};
